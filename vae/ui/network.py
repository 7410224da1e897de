"""Where this computer is in its own network; nothing is sent to find it."""

import ipaddress
import socket
from contextlib import suppress

import psutil

from vae.errors import InputError

ELSEWHERE = ("192.0.2.1", 9)  # an address that nobody has (RFC 5737)
NO_NETWORK = (
    "This computer has no address in a network, so no phone can reach it: join a wireless network "
    "or start a hotspot, or name the address with `--address`."
)


def lan_address() -> str:
    """The address by which others in the same network reach this computer.

    Raises:
        InputError: it has none.
    """
    for address in (*routed(), *own()):
        if reachable(address):
            return address
    raise InputError(NO_NETWORK)


def routed() -> list[str]:
    """The address from which this computer would speak to another; a datagram's socket that is
    connected says it, and sends nothing."""
    with suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect(ELSEWHERE)
        return [probe.getsockname()[0]]
    return []  # no route leads out, as on a hotspot of its own


def own() -> list[str]:
    """The addresses of all network devices that are up."""
    up = {name for name, state in psutil.net_if_stats().items() if state.isup}
    devices = psutil.net_if_addrs()
    return [
        one.address
        for name in sorted(up & devices.keys())
        for one in devices[name]
        if one.family == socket.AF_INET
    ]


def reachable(address: str) -> bool:
    """Whether others may reach it: it is neither this computer's alone nor a makeshift one."""
    ip = ipaddress.ip_address(address)
    return not (ip.is_loopback or ip.is_link_local or ip.is_unspecified)
