//! Simulated routers: SSH and NETCONF servers with faults to switch.
