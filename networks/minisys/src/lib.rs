//! The smallest network: two layers on IETF models.
