//! What is fixed before the first intent comes: layers, transforms, device types.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use vocab::ModuleFacts;
use yang::{Node, NodeId, NodeKind, Schema, TypeKind};
use yang_data::validate::Validator;
use yang_data::xpath::View;
use yang_data::{Path, Types};

use crate::executor::{Executor, Sequential};
use crate::input::TransformFn;

/// Name of the module with the extensions that mark transforms.
const EXTENSIONS: &str = "weft";

/// A layer as it is handed to [`System::new`].
pub struct LayerSpec {
    /// A name for people.
    pub name: &'static str,
    /// Its models.
    pub schema: Arc<Schema>,
    /// The function for each transform node, by schema path.
    pub transforms: Vec<(String, TransformFn)>,
}

/// A device type: how devices of this type are configured.
#[derive(Clone, Debug)]
pub struct DeviceType {
    /// The name that the intent uses and [`crate::SchemaKey::Device`] carries.
    pub name: &'static str,
    /// The modules that a simulated device of this type announces, by name.
    pub modules: BTreeMap<String, ModuleFacts>,
    validator: Arc<Validator>,
}

impl DeviceType {
    /// A device type whose configuration is on a schema: the part of the device's models that
    /// transforms write.
    pub fn new(
        name: &'static str,
        schema: Arc<Schema>,
        modules: BTreeMap<String, ModuleFacts>,
    ) -> Self {
        Self { name, modules, validator: validator(schema) }
    }

    /// The schema of its configuration.
    pub fn schema(&self) -> &Arc<Schema> {
        self.validator.schema()
    }

    /// The types of its schema.
    pub fn types(&self) -> &Arc<Types> {
        self.validator.types()
    }

    /// The rules of its schema.
    pub fn validator(&self) -> &Arc<Validator> {
        &self.validator
    }
}

fn validator(schema: Arc<Schema>) -> Arc<Validator> {
    Arc::new(Validator::new(Arc::new(Types::new(schema)), View::Configuration))
}

/// All layers and device types of a network, checked.
pub struct System {
    pub(crate) layers: Vec<Layer>,
    device_types: BTreeMap<&'static str, DeviceType>,
    executor: Arc<dyn Executor>,
}

impl std::fmt::Debug for System {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let layers: Vec<_> = self.layers.iter().map(|layer| layer.name).collect();
        formatter
            .debug_struct("System")
            .field("layers", &layers)
            .field("device_types", &self.device_types.keys())
            .finish()
    }
}

pub(crate) struct Layer {
    pub(crate) name: &'static str,
    pub(crate) schema: Arc<Schema>,
    pub(crate) validator: Arc<Validator>,
    points: BTreeMap<NodeId, Point>,
    link_targets: BTreeSet<NodeId>,
    /// By node: whether it or something below it is a transform node or the target of a link.
    watched: Vec<bool>,
}

/// A transform node.
pub(crate) struct Point {
    pub(crate) name: String,
    pub(crate) is_device: bool,
    pub(crate) links: Vec<LinkSpec>,
    pub(crate) run: TransformFn,
}

/// A link that a transform node declares.
pub(crate) struct LinkSpec {
    pub(crate) tag: String,
    /// The container or list entry that is read.
    pub(crate) target: NodeId,
    pub(crate) by: LinkBy,
}

/// How the instances of a link's target are found.
pub(crate) enum LinkBy {
    /// There is one at most: no list on the way.
    Static,
    /// It is an ancestor of the transform node.
    Ancestor,
    /// Its key is the value of this leaf below the transform node.
    Leafref(NodeId),
}

/// A system that cannot work.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SystemError {
    /// A transform node in the schema has no function.
    #[error("layer {layer}: no function for transform {name} at {path}")]
    Unbound {
        /// The layer.
        layer: &'static str,
        /// The transform's name.
        name: String,
        /// The transform node.
        path: String,
    },
    /// A function is bound to a node that is no transform node.
    #[error("layer {layer}: {path} is no transform node")]
    NoTransformNode {
        /// The layer.
        layer: &'static str,
        /// The path of the binding.
        path: String,
    },
    /// A link that cannot be followed.
    #[error("layer {layer}: link {tag:?} at {path}: {message}")]
    BadLink {
        /// The layer.
        layer: &'static str,
        /// The link's tag.
        tag: String,
        /// Where it is declared.
        path: String,
        /// What is wrong.
        message: String,
    },
}

impl System {
    /// Checks layers, the top one first, and device types.
    ///
    /// # Errors
    /// All transform nodes without a function, functions without a node and links that cannot
    /// be followed.
    pub fn new(
        layers: Vec<LayerSpec>,
        device_types: Vec<DeviceType>,
    ) -> Result<Self, Vec<SystemError>> {
        let mut errors = Vec::new();
        let layers = layers.into_iter().map(|spec| Layer::new(spec, &mut errors)).collect();
        let device_types = device_types.into_iter().map(|kind| (kind.name, kind)).collect();
        let executor = Arc::new(Sequential);
        if errors.is_empty() { Ok(Self { layers, device_types, executor }) } else { Err(errors) }
    }

    /// Runs many instances at once on what is lent here; without it, one after the other. The
    /// results are the same.
    #[must_use]
    pub fn with_executor(self, executor: Arc<dyn Executor>) -> Self {
        Self { executor, ..self }
    }

    /// Makes what values are checked with, see [`Types::prepare`].
    pub fn prepare(&self) {
        let layers = self.layers.iter().map(|layer| layer.validator.types());
        let devices = self.device_types.values().map(DeviceType::types);
        layers.chain(devices).for_each(|types| types.prepare());
    }

    pub(crate) fn executor(&self) -> &dyn Executor {
        &*self.executor
    }

    /// Number of layers, without the devices' own.
    pub fn layer_count(&self) -> usize {
        self.layers.len()
    }

    /// The name of a layer.
    pub fn layer_name(&self, layer: usize) -> Option<&'static str> {
        self.layers.get(layer).map(|layer| layer.name)
    }

    /// The schema of a layer.
    pub fn layer_schema(&self, layer: usize) -> Option<&Arc<Schema>> {
        self.layers.get(layer).map(|layer| &layer.schema)
    }

    /// The rules of a layer's schema.
    pub fn layer_validator(&self, layer: usize) -> Option<&Arc<Validator>> {
        self.layers.get(layer).map(|layer| &layer.validator)
    }

    /// A device type by name.
    pub fn device_type(&self, name: &str) -> Option<&DeviceType> {
        self.device_types.get(name)
    }

    /// The names of all device types, for people.
    pub fn device_type_names(&self) -> String {
        self.device_types.keys().copied().collect::<Vec<_>>().join(", ")
    }

    /// All device types, ascending by name.
    pub fn device_types(&self) -> impl Iterator<Item = &DeviceType> {
        self.device_types.values()
    }
}

impl Layer {
    fn new(spec: LayerSpec, errors: &mut Vec<SystemError>) -> Self {
        let LayerSpec { name, schema, transforms } = spec;
        let mut functions = BTreeMap::new();
        for (path, run) in transforms {
            match schema.find(&path) {
                Some(node) => drop(functions.insert(node, run)),
                None => errors.push(SystemError::NoTransformNode { layer: name, path }),
            }
        }
        let mut points = BTreeMap::new();
        for node in schema.nodes() {
            let Some(transform) = transform_name(node) else { continue };
            let links = links_of(name, node, errors);
            match functions.remove(&node.id()) {
                Some(run) => {
                    let is_device = node.extension(EXTENSIONS, "device-transform").is_some();
                    points.insert(node.id(), Point { name: transform, is_device, links, run });
                }
                None => errors.push(SystemError::Unbound {
                    layer: name,
                    name: transform,
                    path: node.path(),
                }),
            }
        }
        errors.extend(
            functions
                .into_keys()
                .map(|node| SystemError::NoTransformNode { layer: name, path: schema.path(node) }),
        );
        let link_targets: BTreeSet<_> =
            points.values().flat_map(|point| &point.links).map(|link| link.target).collect();
        let watched = watched(&schema, points.keys().chain(&link_targets));
        let validator = validator(Arc::clone(&schema));
        Self { name, schema, validator, points, link_targets, watched }
    }

    pub(crate) fn point(&self, node: NodeId) -> Option<&Point> {
        self.points.get(&node)
    }

    /// Whether an instance is one of a device transform.
    pub(crate) fn is_device_point(&self, path: &Path) -> bool {
        let point = path.steps().last().and_then(|step| self.point(step.node));
        point.is_some_and(|point| point.is_device)
    }

    pub(crate) fn is_link_target(&self, node: NodeId) -> bool {
        self.link_targets.contains(&node)
    }

    /// Whether the node or something below it is a transform node or a link's target.
    pub(crate) fn is_watched(&self, node: NodeId) -> bool {
        self.watched[node.index()]
    }
}

fn transform_name(node: Node<'_>) -> Option<String> {
    let extension = node
        .extension(EXTENSIONS, "transform")
        .or_else(|| node.extension(EXTENSIONS, "device-transform"))?;
    Some(extension.argument().unwrap_or(node.name()).to_owned())
}

fn watched<'a>(schema: &Schema, nodes: impl Iterator<Item = &'a NodeId>) -> Vec<bool> {
    let mut watched = vec![false; schema.node_count()];
    for node in nodes {
        let mut up = Some(*node);
        while let Some(node) = up {
            watched[node.index()] = true;
            up = schema.node(node).data_parent();
        }
    }
    watched
}

/// The links that a transform node declares, on itself or on leaves below it.
fn links_of(layer: &'static str, point: Node<'_>, errors: &mut Vec<SystemError>) -> Vec<LinkSpec> {
    let mut links = Vec::new();
    let mut pending = vec![point];
    while let Some(node) = pending.pop() {
        for extension in node.extensions().filter(|ext| ext.is(EXTENSIONS, "link")) {
            let tag = extension.argument().unwrap_or_default().to_owned();
            let path = extension
                .substatements()
                .find(|statement| statement.is(EXTENSIONS, "path"))
                .and_then(yang::Extension::argument);
            let link = match path {
                Some(path) => link_to(point, &tag, path),
                None => link_by_leafref(node, &tag),
            };
            match link {
                Ok(link) => links.push(link),
                Err(message) => {
                    errors.push(SystemError::BadLink { layer, tag, path: node.path(), message });
                }
            }
        }
        let schema = node.schema();
        let below = node.data_children().map(|child| schema.node(child));
        pending.extend(below.filter(|child| transform_name(*child).is_none()));
    }
    links.sort_by(|left, right| left.tag.cmp(&right.tag));
    links
}

fn link_to(point: Node<'_>, tag: &str, path: &str) -> Result<LinkSpec, String> {
    let schema = point.schema();
    let target = schema.find(path).ok_or_else(|| format!("no node {path}"))?;
    let tag = tag.to_owned();
    if ancestors(point).any(|ancestor| ancestor.id() == target) {
        return Ok(LinkSpec { tag, target, by: LinkBy::Ancestor });
    }
    let lists = ancestors(schema.node(target)).any(|node| node.kind() == NodeKind::List)
        || schema.node(target).kind() == NodeKind::List;
    if lists {
        return Err(format!("{path} is in a list: which entry?"));
    }
    Ok(LinkSpec { tag, target, by: LinkBy::Static })
}

fn link_by_leafref(leaf: Node<'_>, tag: &str) -> Result<LinkSpec, String> {
    let schema = leaf.schema();
    let kind = leaf.type_id().map(|id| schema.type_(id));
    let target = kind
        .filter(|kind| kind.kind() == TypeKind::LeafRef)
        .and_then(yang::Type::target)
        .ok_or("a link without weft:path belongs on a leafref")?;
    let list = schema.node(target).data_parent().map(|list| schema.node(list));
    let list = list
        .filter(|list| list.keys().eq([target]) && transform_or_top(*list))
        .ok_or("the leafref must point at the only key of a list that is in no other list")?;
    Ok(LinkSpec { tag: tag.to_owned(), target: list.id(), by: LinkBy::Leafref(leaf.id()) })
}

fn transform_or_top(list: Node<'_>) -> bool {
    ancestors(list).all(|node| node.kind() != NodeKind::List)
}

/// The data nodes above a node, nearest first, without the root.
fn ancestors(node: Node<'_>) -> impl Iterator<Item = Node<'_>> {
    let schema = node.schema();
    std::iter::successors(node.data_parent(), move |up| schema.node(*up).data_parent())
        .filter(|up| *up != Schema::ROOT)
        .map(move |up| schema.node(up))
}
