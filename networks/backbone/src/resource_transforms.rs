//! From resources to configuration: which vendor's words to use.

use transform::Refusal;
use vocab::DeviceFacts;
use yang_gen::runtime::DeviceOutput;

use crate::device::{ios_xr, junos, sr_linux};
use crate::resource::{
    BaseConfigContext, BbInterfaceContext, CustomerPortContext, EbgpCustomerContext,
    IbgpNeighborContext, Transforms, VrfContext, VrfInterfaceContext,
};

/// The transforms.
pub(crate) fn transforms() -> Transforms {
    Transforms {
        base_config,
        bb_interface,
        ibgp_neighbor,
        vrf,
        vrf_interface,
        customer_port,
        ebgp_customer,
    }
}

/// A vendor's way of configuring.
enum Platform {
    IosXr,
    Junos,
    SrLinux,
}

/// Modules that give a platform away.
const MARKS: [(&str, Platform); 4] = [
    ("Cisco-IOS-XR-um-hostname-cfg", Platform::IosXr),
    ("junos-conf-root", Platform::Junos),
    ("http://xml.juniper.net/netconf/junos/1.0", Platform::Junos),
    ("srl_nokia-system", Platform::SrLinux),
];

/// The platform of a device: by what it announces, not by what it is said to be.
fn platform(device: &DeviceFacts) -> Result<&'static Platform, Refusal> {
    let found = MARKS.iter().find(|(mark, _)| device.modules.contains_key(*mark));
    found.map(|(_, platform)| platform).ok_or_else(|| {
        let marks: Vec<_> = MARKS.iter().map(|(mark, _)| *mark).collect();
        let message = format!(
            "device {} of type {} announces none of the modules {}: this network cannot \
             configure it",
            device.name,
            device.device_type,
            marks.join(", ")
        );
        Refusal::Unsupported { message }
    })
}

/// Calls the function of the device's platform.
macro_rules! by_platform {
    ($context:ident, $function:ident) => {
        Ok(match platform($context.device)? {
            Platform::IosXr => ios_xr::$function($context)?.into(),
            Platform::Junos => junos::$function($context)?.into(),
            Platform::SrLinux => sr_linux::$function($context)?.into(),
        })
    };
}

fn base_config(context: &BaseConfigContext<'_>) -> Result<DeviceOutput, Refusal> {
    by_platform!(context, base_config)
}

fn bb_interface(context: &BbInterfaceContext<'_>) -> Result<DeviceOutput, Refusal> {
    by_platform!(context, bb_interface)
}

fn ibgp_neighbor(context: &IbgpNeighborContext<'_>) -> Result<DeviceOutput, Refusal> {
    by_platform!(context, ibgp_neighbor)
}

fn vrf(context: &VrfContext<'_>) -> Result<DeviceOutput, Refusal> {
    by_platform!(context, vrf)
}

fn vrf_interface(context: &VrfInterfaceContext<'_>) -> Result<DeviceOutput, Refusal> {
    by_platform!(context, vrf_interface)
}

fn customer_port(context: &CustomerPortContext<'_>) -> Result<DeviceOutput, Refusal> {
    by_platform!(context, customer_port)
}

fn ebgp_customer(context: &EbgpCustomerContext<'_>) -> Result<DeviceOutput, Refusal> {
    by_platform!(context, ebgp_customer)
}
