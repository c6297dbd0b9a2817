//! YANG's functions (RFC 7950, section 10).

use yang::xpath::{Call, Function};
use yang::{IdentityId, TypeKind};

use super::eval::Scene;
use super::{Evaluator, Instance, Object, XPathFailure};
use crate::Value;

impl<'a> Evaluator<'a> {
    pub(super) fn yang_call(
        &self,
        call: &Call,
        scene: &Scene<'_, 'a>,
    ) -> Result<Object<'a>, XPathFailure> {
        let arguments = &call.arguments[..];
        let nodes = || self.nodes(&arguments[0], scene, call.function.name());
        Ok(match call.function {
            Function::Current => Object::Nodes(vec![scene.current.clone()]),
            Function::ReMatch => {
                let subject = self.text(&arguments[0], scene)?;
                let pattern = self.text(&arguments[1], scene)?;
                self.matches(&subject, &pattern)?.into()
            }
            Function::Deref => match nodes()?.first() {
                Some(node) => Object::Nodes(self.deref(node)?),
                None => Object::Nodes(Vec::new()),
            },
            Function::DerivedFrom => self.is_derived(call, scene, false)?.into(),
            Function::DerivedFromOrSelf => self.is_derived(call, scene, true)?.into(),
            Function::EnumValue => {
                let number = nodes()?.first().and_then(|node| self.enum_value(node));
                Object::Number(number.map_or(f64::NAN, f64::from))
            }
            Function::BitIsSet => {
                let name = self.text(&arguments[1], scene)?;
                nodes()?.first().is_some_and(|node| self.is_bit_set(node, &name)).into()
            }
            function => unreachable!("{} is no function of YANG", function.name()),
        })
    }

    /// Whether some node's identity derives from the identity named by the second argument.
    fn is_derived(
        &self,
        call: &Call,
        scene: &Scene<'_, 'a>,
        or_self: bool,
    ) -> Result<bool, XPathFailure> {
        let name = self.text(&call.arguments[1], scene)?;
        let bases = match name.split_once(':') {
            Some((prefix, name)) => {
                super::compare::identities_of(self.schema, prefix, name, scene.names)
            }
            None => self.identities(scene.current, &name, scene.names),
        };
        if bases.is_empty() {
            return Err(XPathFailure::UnknownIdentity { function: call.function, name });
        }
        let derives = |id: IdentityId, base: IdentityId| {
            self.schema.is_derived_from(id, base) || or_self && id == base
        };
        let mut is_it = |node: &Instance<'a>| match node.value() {
            Some(Value::Identity(id)) => Ok(bases.iter().any(|base| derives(*id, *base))),
            _ => Ok(false),
        };
        if !super::is_node_set(&call.arguments[0]) {
            return Err(XPathFailure::NotNodes { what: call.function.name() });
        }
        self.any_node(&call.arguments[0], scene, &mut is_it)
    }

    fn enum_value(&self, node: &Instance<'a>) -> Option<i32> {
        let Some(Value::Enum { ty, index }) = node.value() else { return None };
        let member = self.schema.type_(*ty).enums().nth(*index as usize)?;
        Some(member.1)
    }

    fn is_bit_set(&self, node: &Instance<'a>, name: &str) -> bool {
        let Some(Value::Bits { ty, set }) = node.value() else { return false };
        let place = self.schema.type_(*ty).bits().position(|(bit, _)| bit == name);
        place.is_some_and(|place| set.iter().any(|bit| *bit as usize == place))
    }

    /// The nodes that a leafref or instance-identifier points at.
    fn deref(&self, node: &Instance<'a>) -> Result<Vec<Instance<'a>>, XPathFailure> {
        let (Some(value), Some(ty)) = (node.value(), self.schema.node(node.node()).type_id())
        else {
            return Ok(Vec::new());
        };
        let ty = self.schema.type_(ty);
        match (ty.kind(), value) {
            (TypeKind::LeafRef, _) => self.referenced(node, value, ty),
            (_, Value::InstanceId(text)) => Ok(self.instance_of_text(text).into_iter().collect()),
            _ => Ok(Vec::new()),
        }
    }
}
