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

    @classmethod
    def load(
        cls, dataset_dir: Path | None = None, progress: Callable[[str], None] | None = None
    ) -> Case:
        """Return the case of the embedded dataset, or of the one in `dataset_dir`.

        Raises
        ------
        DatasetError
            If the dataset is missing, cut short or altered.
        """
        if dataset_dir is None:
            folder = storage.embedded_folder(progress)
            dataset = storage.read(folder, verify=False)
        else:
            folder = dataset_dir
            dataset = storage.read(folder)
        parameters = load_defaults()
        rulebook = load_rulebook()
        digest = hashlib.blake2b(
            f"{dataset.digest}/{parameters.digest}/{rulebook.digest}".encode(), digest_size=16
        ).hexdigest()
        return cls(
            dataset=dataset,
            parameters=parameters,
            gazetteer=Gazetteer.open(folder / "gazetteer"),
            digest=digest,
            rulebook=rulebook,
        )
