"""Kernels as machine code, compiled once and loaded without the compiler.

A kernel is a plain Python function over arrays. numba compiles it; importing numba and reading its
own cache costs a short process 0.25 s, more than all its searches. So what numba made is kept as
an object file in the user's cache, and later processes load it with llvmlite alone (0.04 s):

    function --numba--> object file --(cache)--> llvmlite --> address --ctypes--> call, GIL released

The price is a narrow calling convention: numbers and C-contiguous arrays of stated types in, one
integer out, results written into arrays the caller gives, nothing allocated and nothing raised.
An object file is used only by the versions, the processor and the source text that made it, and
only if its checksum holds; else it is made anew.
"""

from __future__ import annotations

import contextlib
import ctypes
import hashlib
import re
import sys
import threading
import types
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from landbridge.cache import cache_folder, write_aside

SCHEMA = 1
REGISTRY: list[Kernel] = []
"""Every kernel of the modules imported so far."""

_SCALARS = {"int": ctypes.c_int64, "float": ctypes.c_double}
_ARRAY = re.compile(r"(u?int(?:8|16|32|64)|float(?:32|64))\[(:(?:,:)*)\]")
_DECLARED = re.compile(
    r'^declare [^@]*@"?([^"(\s]+)"?\(|^@"?([^"=\s]+)"? = external ', re.MULTILINE
)
_ALLOCATES = re.compile(r"\bcall [^@]*@NRT_(?:Allocate|MemInfo_(?:alloc|new|varsize))")
_INTRINSIC = "llvm."
_NEVER_CALLED = ("numba_", "NRT_", "Py", "_Py")
"""Symbols of numba's run time and Python's. The error paths that name them are never taken."""
_lock = threading.Lock()


def _stated_address(array: Any) -> int:  # noqa: ANN401 - an array
    """Return where an array's numbers begin, as it says itself: a microsecond."""
    address: int = array.__array_interface__["data"][0]
    return address


def _address(array: Any) -> int:  # noqa: ANN401 - an array
    """Return where an array's numbers begin: the first field behind an object's head.

    A kernel takes some thirty arrays, and a comparison calls sixty kernels.
    """
    return ctypes.c_size_t.from_address(id(array) + object.__basicsize__).value


_PROBE = np.arange(8.0).reshape(2, 4)
if any(_address(own) != _stated_address(own) for own in (_PROBE, _PROBE[1:], _PROBE[:0])):
    _address = _stated_address  # another numpy or another Python keeps it elsewhere


class _Parameter:
    """One parameter of a kernel: its type, and how a value is handed over."""

    __slots__ = ("dtype", "ndim", "scalar")

    def __init__(self, text: str) -> None:
        self.scalar: Any = _SCALARS.get(text)
        self.dtype: np.dtype[Any] | None = None
        self.ndim = 0
        if self.scalar is None:
            found = _ARRAY.fullmatch(text)
            if found is None:
                raise TypeError(f"'{text}' is no kernel parameter type")
            self.dtype = np.dtype(found[1])
            self.ndim = found[2].count(":")

    def ctypes(self) -> list[Any]:
        if self.dtype is None:
            return [self.scalar]
        return [ctypes.c_void_p, *[ctypes.c_int64] * self.ndim]


class Kernel:
    """A compiled function; see `kernel`."""

    def __init__(
        self,
        function: Callable[..., int],
        parameters: str,
        helpers: Sequence[Callable[..., Any]],
    ) -> None:
        self.function = function
        self.helpers = tuple(helpers)
        self.parameters = re.split(r",\s+", parameters.strip())
        self._parameters = [_Parameter(text) for text in self.parameters]
        if len(self._parameters) != function.__code__.co_argcount:
            raise TypeError(f"{function.__name__} has another number of parameters than types")
        self._entry: Callable[..., int] | None = None
        self._keep: list[object] = []
        self.__doc__ = function.__doc__
        REGISTRY.append(self)

    def __call__(self, *values: Any) -> int:  # noqa: ANN401 - numbers and arrays
        """Run the kernel; arrays must have exactly the stated types."""
        entry = self._entry or self.load()
        if len(values) != len(self._parameters):
            raise TypeError(f"{self.function.__name__} takes {len(self._parameters)} values")
        handed: list[Any] = []
        for kind, value in zip(self._parameters, values, strict=True):
            if kind.dtype is None:
                handed.append(value)
                continue
            if value.dtype != kind.dtype or value.ndim != kind.ndim or not value.flags.c_contiguous:
                raise TypeError(
                    f"{self.function.__name__} wants C-contiguous {kind.dtype} arrays of "
                    f"{kind.ndim} dimensions, not {value.dtype} of {value.ndim}"
                )
            handed.append(_address(value))
            handed.extend(value.shape)
        return entry(*handed)

    def load(self) -> Callable[..., int]:
        """Return the compiled entry point, from the cache where it can be had."""
        with _lock:
            if self._entry is None:
                import llvmlite.binding as llvm

                path = cache_folder() / "kernels" / f"{self._key(llvm)}.o"
                address = self._linked(llvm, path)
                if address is None:
                    address, stored = self._compiled()
                    with contextlib.suppress(OSError):  # a read-only cache only costs time
                        write_aside(path, stored)
                given = [kind for parameter in self._parameters for kind in parameter.ctypes()]
                self._entry = ctypes.CFUNCTYPE(ctypes.c_int64, *given)(address)
        return self._entry

    def _key(self, llvm: Any) -> str:  # noqa: ANN401 - a module without types
        """Return the name of the object file: a digest of all that decides its bytes."""
        import llvmlite

        whole = hashlib.blake2b(digest_size=16)
        for text in (
            str(SCHEMA),
            llvmlite.__version__,
            llvm.get_process_triple(),
            llvm.get_host_cpu_name(),
            llvm.get_host_cpu_features().flatten(),
            sys.version,
            *self.parameters,
            *(_source(own) for own in (self.function, *self.helpers)),
        ):
            whole.update(text.encode() + b"\0")
        return f"{self.function.__name__.strip('_')}-{whole.hexdigest()}"

    def _linked(self, llvm: Any, path: Any) -> int | None:  # noqa: ANN401 - untyped module
        """Return the address of the code in an object file, None if it cannot be used."""
        try:
            stored = path.read_bytes()
        except OSError:
            return None
        check, _, rest = stored.partition(b"\n")
        if hashlib.blake2b(rest, digest_size=16).hexdigest().encode() != check:
            return None
        names, _, code = rest.partition(b"\n")
        entry, *wanted = names.decode().split("\t")
        _initialize(llvm)
        unused = ctypes.cast(ctypes.pythonapi.Py_IncRef, ctypes.c_void_p).value
        for name in wanted:
            if name.startswith(_NEVER_CALLED):
                # symbols are the whole process's: those that numba has set are left to its code
                if llvm.address_of_symbol(name) is None:
                    llvm.add_symbol(name, unused)
            elif (found := _address_of(name)) is None:
                return None
            else:
                llvm.add_symbol(name, found)
        engine = llvm.create_mcjit_compiler(
            llvm.parse_assembly(""), llvm.Target.from_default_triple().create_target_machine()
        )
        engine.add_object_file(llvm.ObjectFileRef.from_data(code))
        engine.finalize_object()
        self._keep.append(engine)
        return int(engine.get_function_address(entry)) or None

    def _compiled(self) -> tuple[int, bytes]:
        """Return the address of the freshly compiled code, and what to keep of it."""
        import numba
        from numba import types as kinds

        options = {"nogil": True, "error_model": "numpy", "boundscheck": False}
        numeric = {"int": kinds.int64, "float": kinds.float64}
        names: dict[str, Any] = dict(self.function.__globals__)
        for helper in self.helpers:
            copy = types.FunctionType(helper.__code__, names, helper.__name__)
            names[helper.__name__] = numba.njit(**options)(copy)
        body = types.FunctionType(self.function.__code__, names, self.function.__name__)
        given, handed, signature = [], [], []
        for i, (text, kind) in enumerate(zip(self.parameters, self._parameters, strict=True)):
            if kind.dtype is None:
                given.append(f"v{i}")
                handed.append(f"v{i}")
                signature.append(numeric[text])
                continue
            sizes = [f"n{i}_{d}" for d in range(kind.ndim)]
            given += [f"p{i}", *sizes]
            handed.append(f"carray(p{i}, ({', '.join(sizes)},))")
            signature.append(kinds.CPointer(numba.from_dtype(kind.dtype)))
            signature += [kinds.int64] * kind.ndim
        scope: dict[str, Any] = {"carray": numba.carray, "kernel": numba.njit(**options)(body)}
        text = f"def entry({', '.join(given)}):\n    return kernel({', '.join(handed)})\n"
        exec(text, scope)  # noqa: S102 - made above from a kernel's own parameter types
        made = numba.cfunc(kinds.int64(*signature), **options)(scope["entry"])
        code = made.inspect_llvm()
        if _ALLOCATES.search(code):
            raise TypeError(f"kernel {self.function.__name__} allocates memory")
        wanted = sorted({a or b for a, b in _DECLARED.findall(code)})
        wanted = [name for name in wanted if not name.startswith(_INTRINSIC)]
        names_line = "\t".join([made._wrapper_name, *wanted]).encode()  # noqa: SLF001
        rest = names_line + b"\n" + made._library._get_compiled_object()  # noqa: SLF001
        check = hashlib.blake2b(rest, digest_size=16).hexdigest().encode()
        self._keep.append(made)
        return int(made.address), check + b"\n" + rest


def kernel(
    parameters: str, *, helpers: Sequence[Callable[..., Any]] = ()
) -> Callable[[Callable[..., int]], Kernel]:
    """Make a kernel of a function over numbers and arrays that returns an integer.

    Parameters
    ----------
    parameters
        The type of each parameter, in order: `int`, `float`, `int64[:]`, `float32[:,:]`, ...
    helpers
        The functions it calls, each after those that it calls itself.
    """

    def made(function: Callable[..., int]) -> Kernel:
        return Kernel(function, parameters, helpers)

    return made


def _source(function: Callable[..., Any]) -> str:
    """Return what decides a function's machine code: byte code, constants, numbers it names."""
    code = function.__code__
    known = function.__globals__
    numbers = [(n, known[n]) for n in code.co_names if isinstance(known.get(n), int | float)]
    return repr((code.co_code, code.co_consts, code.co_names, code.co_varnames, numbers))


def _address_of(name: str) -> int | None:
    """Return the address of a function of the C library, None if it has none of that name."""
    try:
        return ctypes.cast(getattr(ctypes.CDLL(None), name), ctypes.c_void_p).value
    except (AttributeError, OSError, TypeError):
        return None


def _initialize(llvm: Any) -> None:  # noqa: ANN401 - a module without types
    """Initialize the native target; newer versions do it by themselves and say so."""
    for step in (llvm.initialize_native_target, llvm.initialize_native_asmprinter):
        with contextlib.suppress(RuntimeError):
            step()
