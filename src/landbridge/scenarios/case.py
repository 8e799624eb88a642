"""A case: dataset, parameters, rulebook and gazetteer, opened once."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from landbridge.compliance.rulebook import Rulebook, load_rulebook
from landbridge.dataset import storage
from landbridge.dataset.gazetteer import Gazetteer
from landbridge.dataset.network import NetworkDataset
from landbridge.domain.applied import Applied
from landbridge.parameters.load import load_defaults
from landbridge.parameters.tree import Parameters


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Everything an answer depends on, except request and seed."""

    dataset: NetworkDataset
    parameters: Parameters
    gazetteer: Gazetteer
    digest: str
    rulebook: Rulebook = field(default_factory=load_rulebook)
    changes: tuple[Applied, ...] = ()
    """What the scenarios that led to this case changed, in order."""

    @classmethod
    def load(
        cls,
        dataset_dir: Path | None = None,
        progress: Callable[[str], None] | None = None,
        *,
        parameters: Path | Parameters | None = None,
    ) -> Case:
        """Return the case of the embedded dataset, or of the one in `dataset_dir`.

        Parameters
        ----------
        parameters
            A file of parameters to be laid over those of the package, or parameters to be used
            in their place.

        Raises
        ------
        DatasetError
            If the dataset is missing, cut short or altered.
        ParameterError
            If anything is wrong with the file of parameters.
        """
        chosen = _chosen_parameters(parameters)
        if dataset_dir is None:
            folder = storage.embedded_folder(progress)
            dataset = storage.read(folder, verify=False)
        else:
            folder = dataset_dir
            dataset = storage.read(folder)
        rulebook = load_rulebook()
        digest = hashlib.blake2b(
            f"{dataset.digest}/{chosen.digest}/{rulebook.digest}".encode(), digest_size=16
        ).hexdigest()
        return cls(
            dataset=dataset,
            parameters=chosen,
            gazetteer=Gazetteer.open(folder / "gazetteer"),
            digest=digest,
            rulebook=rulebook,
        )


def _chosen_parameters(given: Path | Parameters | None) -> Parameters:
    if isinstance(given, Parameters):
        return given
    defaults = load_defaults()
    if given is None:
        return defaults
    from landbridge.parameters.overlay import read_overlay

    return defaults.overlaid(read_overlay(given, defaults))
