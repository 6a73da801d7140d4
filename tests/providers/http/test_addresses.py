"""One test for each way in which peers' servers were made to call where they should not."""

import ipaddress

import pytest

from tagwerk.providers.http.addresses import may_call

PUBLIC = ["93.184.216.34", "8.8.8.8", "2606:4700:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"]
PRIVATE = ["127.0.0.1", "127.8.9.1", "10.0.0.1", "172.16.0.1", "192.168.1.1", "100.64.0.1", "::1", "fd00::1",
           "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a00:1",
           "198.18.0.1", "203.0.113.1", "2001:db8::1", "240.0.0.1", "255.255.255.255", "fec0::1"]  # fmt: skip
NEVER = ["192.0.0.192", "100.100.100.200", "fd00:ec2::254", "192.88.99.1", "169.254.169.254", "169.254.0.1", "fe80::1", "::ffff:169.254.169.254", "64:ff9b::a9fe:a9fe", "0.0.0.0",
         "::", "224.0.0.1", "239.1.1.1", "ff02::1", "2002:7f00:1::", "2002:808:808::1", "2001:0:7f00:1::",
         "64:ff9b:1::7f00:1", "::127.0.0.1", "::8.8.8.8"]  # fmt: skip


@pytest.mark.parametrize("text", PUBLIC)
def test_the_public_internet_is_open(text: str) -> None:
    assert may_call(ipaddress.ip_address(text), False)


@pytest.mark.parametrize("text", PRIVATE)
def test_what_is_not_on_it_is_closed_unless_allowed(text: str) -> None:
    assert not may_call(ipaddress.ip_address(text), False)
    assert may_call(ipaddress.ip_address(text), True)


@pytest.mark.parametrize("text", NEVER)
def test_clouds_keys_multicast_and_tunnels_are_always_closed(text: str) -> None:
    assert not may_call(ipaddress.ip_address(text), False)
    assert not may_call(ipaddress.ip_address(text), True)
