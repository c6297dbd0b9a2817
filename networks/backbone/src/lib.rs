//! IP core and L3VPN over IOS XR, Junos and SR Linux.
