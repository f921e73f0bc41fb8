"""The curve of Ed25519: is an encoding a canonical point of prime order (RFC 8032, 5.1)?"""

from __future__ import annotations

_P = 2**255 - 19
_ORDER = 2**252 + 27742317777372353535851937790883648493
_D = -121665 * pow(121666, _P - 2, _P) % _P
_SQRT_MINUS_ONE = pow(2, (_P - 1) // 4, _P)

_Point = tuple[int, int, int, int]
_IDENTITY: _Point = (0, 1, 1, 0)


def weakness(raw: bytes) -> str | None:
    """Return why 32 bytes must not be used as a public key; None for a point of prime order."""
    if len(raw) != 32:
        return f"a public key has 32 bytes, these are {len(raw)}"
    y = int.from_bytes(raw, "little")
    sign, y = y >> 255, y & (2**255 - 1)
    if y >= _P:
        return "the key is not the canonical encoding of a point"
    x = _recover_x(y, sign)
    if x is None:
        return "the key is not a point on the curve"
    point = (x, y, 1, x * y % _P)
    if _is_identity(_multiply(8, point)):
        return "the key is a point of low order, under which anyone can sign"
    if not _is_identity(_multiply(_ORDER, point)):
        return "the key is not a point of prime order"
    return None


def _recover_x(y: int, sign: int) -> int | None:
    """Solve the curve's equation for x (RFC 8032, 5.1.3); None if there is no such point."""
    square = (y * y - 1) * pow(_D * y * y + 1, _P - 2, _P) % _P
    x = pow(square, (_P + 3) // 8, _P)
    if (x * x - square) % _P:
        x = x * _SQRT_MINUS_ONE % _P
    if (x * x - square) % _P:
        return None
    if x == 0 and sign:
        return None
    return x if x & 1 == sign else _P - x


def _add(a: _Point, b: _Point) -> _Point:
    """Add two points in extended coordinates (RFC 8032, 5.1.4)."""
    e = (a[1] - a[0]) * (b[1] - b[0]) % _P
    f = (a[1] + a[0]) * (b[1] + b[0]) % _P
    g = 2 * a[3] * b[3] * _D % _P
    h = 2 * a[2] * b[2] % _P
    left, down, up, right = f - e, h - g, h + g, f + e
    return left * down % _P, up * right % _P, down * up % _P, left * right % _P


def _multiply(scalar: int, point: _Point) -> _Point:
    """Multiply by doubling and adding.  Not constant in time: nothing here is secret."""
    result = _IDENTITY
    while scalar:
        if scalar & 1:
            result = _add(result, point)
        point = _add(point, point)
        scalar >>= 1
    return result


def _is_identity(point: _Point) -> bool:
    return point[0] % _P == 0 and (point[1] - point[2]) % _P == 0
