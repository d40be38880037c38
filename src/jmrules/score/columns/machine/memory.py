"""Arrays where an address points: columns of a table come in any number, and numba knows no array of arrays."""

from __future__ import annotations

import numpy as np
from numba import carray, njit, types  # type: ignore[attr-defined]
from numba.extending import intrinsic


@intrinsic
def _floats(typing, address):
    """The address as a pointer to float64."""

    def generate(context, builder, signature, arguments):
        return builder.inttoptr(arguments[0], context.get_value_type(signature.return_type))

    return types.CPointer(types.float64)(types.int64), generate


@intrinsic
def _offsets(typing, address):
    """The address as a pointer to int32."""

    def generate(context, builder, signature, arguments):
        return builder.inttoptr(arguments[0], context.get_value_type(signature.return_type))

    return types.CPointer(types.int32)(types.int64), generate


@njit(cache=True, nogil=True, error_model="numpy")
def view(address, count):
    """The ``count`` doubles at an address, which somebody else keeps."""
    return carray(_floats(np.int64(address)), count)


@njit(cache=True, nogil=True, error_model="numpy")
def offsets_at(address, start, count):
    """The ``count`` offsets from a place on of those at an address."""
    return carray(_offsets(np.int64(address) + 4 * start), count)


@njit(cache=True, nogil=True, error_model="numpy")
def offset_at(address, place):
    """The offset at a place of those at an address."""
    return np.int64(_offsets(np.int64(address))[place])


@njit(cache=True, nogil=True, error_model="numpy")
def double_at(address):
    """The double at an address."""
    return _floats(np.int64(address))[0]
