"""e to the power of many numbers at once, as the compiler turns it into vector instructions; within 1 ulp of libm."""

import numpy as np
from llvmlite import ir
from numba import njit, types
from numba.extending import intrinsic

_LOG2E = 1.4426950408889634
_LN2_HIGH = 6.93145751953125e-1  # its last bits are zero, so that a whole number of it is exact
_LN2_LOW = 1.42860682030941723212e-6
_MAGIC = 6755399441055744.0  # 1.5 * 2**52: adding it rounds to a whole number, which then stands in the lowest bits
SMALLEST = -708.0  # below it, what is returned is e**-708, as good as 0
C2, C3, C4, C5, C6 = 1 / 2, 1 / 6, 1 / 24, 1 / 120, 1 / 720
C7, C8, C9, C10, C11, C12, C13 = (
    1 / 5040,
    1 / 40320,
    1 / 362880,
    1 / 3628800,
    1 / 39916800,
    1 / 479001600,
    1 / 6227020800,
)


@intrinsic
def _bits(_context, number):  # type: ignore[no-untyped-def]
    """The bits of a float64 as an int64."""

    def generate(_ctx, builder, _signature, arguments):  # type: ignore[no-untyped-def]
        return builder.bitcast(arguments[0], ir.IntType(64))  # type: ignore[no-untyped-call]

    return types.int64(types.float64), generate


@intrinsic
def _float(_context, bits):  # type: ignore[no-untyped-def]
    """The float64 that has these bits."""

    def generate(_ctx, builder, _signature, arguments):  # type: ignore[no-untyped-def]
        return builder.bitcast(arguments[0], ir.DoubleType())  # type: ignore[no-untyped-call]

    return types.float64(types.int64), generate


@njit(inline="always")
def exponential(x):  # type: ignore[no-untyped-def]
    """e**x for x <= 0 (up to 700 really): x = n log 2 + r, a polynomial in r, and n put into the exponent's bits."""
    x = x if x > SMALLEST else SMALLEST
    rounded = x * _LOG2E + _MAGIC
    n = rounded - _MAGIC
    r = (x - n * _LN2_HIGH) - n * _LN2_LOW
    even = r * r
    low = (1.0 + r) + even * (C2 + r * C3)
    middle = (C4 + r * C5) + even * (C6 + r * C7)
    high = (C8 + r * C9) + even * ((C10 + r * C11) + even * (C12 + r * C13))
    fourth = even * even
    power = low + fourth * (middle + fourth * high)
    bits = (_bits(rounded) << np.int64(52)) + np.int64(0x3FF0000000000000)  # type: ignore[call-arg]
    return power * _float(bits)


@njit(cache=True, nogil=True, fastmath={"contract"})
def exponentials(values):  # type: ignore[no-untyped-def]
    """Replace each of these numbers, none above 0, by e to its power."""
    for at in range(values.size):
        values[at] = exponential(values[at])
