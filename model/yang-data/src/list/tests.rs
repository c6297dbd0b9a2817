//! User order against a plain vector.

use proptest::prelude::*;

use super::{LeafList, LeafListEntry, Place};
use crate::{Origin, Value};

#[derive(Clone, Debug)]
enum Operation {
    Insert(u64),
    Remove(u64),
    Move(u64, Place<u64>),
}

fn operation() -> impl Strategy<Value = Operation> {
    let key = 0..20u64;
    let place = prop_oneof![
        Just(Place::First),
        Just(Place::Last),
        key.clone().prop_map(Place::Before),
        key.clone().prop_map(Place::After),
    ];
    prop_oneof![
        key.clone().prop_map(Operation::Insert),
        key.clone().prop_map(Operation::Remove),
        (key, place).prop_map(|(key, place)| Operation::Move(key, place)),
    ]
}

fn as_value(place: &Place<u64>) -> Place<Value> {
    match place {
        Place::First => Place::First,
        Place::Last => Place::Last,
        Place::Before(key) => Place::Before(Value::Uint(*key)),
        Place::After(key) => Place::After(Value::Uint(*key)),
    }
}

fn move_in_model(model: &mut Vec<u64>, key: u64, place: &Place<u64>) {
    let anchored = match place {
        Place::Before(anchor) | Place::After(anchor) => *anchor != key && model.contains(anchor),
        Place::First | Place::Last => true,
    };
    if !anchored || !model.contains(&key) {
        return;
    }
    model.retain(|other| *other != key);
    let at = |anchor: &u64| model.iter().position(|other| other == anchor).unwrap();
    let at = match place {
        Place::First => 0,
        Place::Last => model.len(),
        Place::Before(anchor) => at(anchor),
        Place::After(anchor) => at(anchor) + 1,
    };
    model.insert(at, key);
}

proptest! {
    #[test]
    fn user_order_is_kept(operations in prop::collection::vec(operation(), 0..200)) {
        let (mut list, mut model) = (LeafList::new(true), Vec::new());
        for operation in &operations {
            match operation {
                Operation::Insert(key) => {
                    list.insert(LeafListEntry::new(Value::Uint(*key), Origin::NONE));
                    if !model.contains(key) {
                        model.push(*key);
                    }
                }
                Operation::Remove(key) => {
                    list.remove(&Value::Uint(*key));
                    model.retain(|other| other != key);
                }
                Operation::Move(key, place) => {
                    let _ = list.move_to(&Value::Uint(*key), &as_value(place));
                    move_in_model(&mut model, *key, place);
                }
            }
            let order: Vec<_> = list.iter().filter_map(|entry| entry.value.as_uint()).collect();
            prop_assert_eq!(&order, &model);
        }
    }
}

#[test]
fn repeated_insertion_at_one_place_never_runs_out_of_room() {
    let mut list = LeafList::new(true);
    for key in 0..500 {
        list.insert(LeafListEntry::new(Value::Uint(key), Origin::NONE));
        list.move_to(&Value::Uint(key), &Place::First).unwrap();
        if key > 1 {
            list.move_to(&Value::Uint(key), &Place::After(Value::Uint(key - 1))).unwrap();
            list.move_to(&Value::Uint(0), &Place::Before(Value::Uint(key))).unwrap();
        }
    }
    assert_eq!(list.iter().count(), 500);
}
