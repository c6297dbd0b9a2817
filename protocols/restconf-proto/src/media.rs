//! Media types: what a client sends and what it accepts.

/// An encoding of YANG data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Format {
    /// RFC 7951.
    Json,
    /// RFC 7950.
    Xml,
}

/// What the body of a request is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Media {
    /// Plain data (RFC 8040, section 11.3).
    Data(Format),
    /// A YANG Patch (RFC 8072, section 4.2).
    Patch(Format),
}

/// Names of plain data in JSON: the registered one first.
const JSON: [&str; 2] = ["application/yang-data+json", "application/json"];
/// Names of plain data in XML: the registered one first.
const XML: [&str; 3] = ["application/yang-data+xml", "application/xml", "text/xml"];
/// The names of a YANG Patch.
const PATCH: [(&str, Format); 2] =
    [("application/yang-patch+json", Format::Json), ("application/yang-patch+xml", Format::Xml)];

impl Format {
    /// The media type of data.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Json => JSON[0],
            Self::Xml => XML[0],
        }
    }

    /// The format that a client wants most, by its `Accept` header: JSON when it does not care or
    /// does not say; `None` when it wants neither (RFC 9110, section 12.5.1).
    pub fn accepted(accept: Option<&str>) -> Option<Self> {
        let Some(accept) = accept.filter(|text| !text.trim().is_empty()) else {
            return Some(Self::Json);
        };
        let ranges: Vec<Range<'_>> = accept.split(',').filter_map(Range::parse).collect();
        let json = quality(&ranges, &JSON);
        let xml = quality(&ranges, &XML);
        match (json, xml) {
            (None, None) => None,
            (json, xml) if xml > json => Some(Self::Xml),
            _ => Some(Self::Json),
        }
    }
}

impl Media {
    /// What a `Content-Type` header names; `None` for anything that is not read here. A character
    /// set other than UTF-8 is not (RFC 8040, section 5.3).
    pub fn of_content_type(text: &str) -> Option<Self> {
        let mut parts = text.split(';').map(str::trim);
        let name = parts.next()?.to_ascii_lowercase();
        for parameter in parts {
            let (key, value) = parameter.split_once('=')?;
            let is_utf8 = value.trim_matches('"').eq_ignore_ascii_case("utf-8");
            if key.trim().eq_ignore_ascii_case("charset") && !is_utf8 {
                return None;
            }
        }
        if let Some((_, format)) = PATCH.iter().find(|(known, _)| *known == name) {
            return Some(Self::Patch(*format));
        }
        let of =
            |names: &[&str], format| names.contains(&name.as_str()).then_some(Self::Data(format));
        of(&JSON, Format::Json).or_else(|| of(&XML, Format::Xml))
    }

    /// The encoding.
    pub fn format(self) -> Format {
        match self {
            Self::Data(format) | Self::Patch(format) => format,
        }
    }

    /// What PATCH takes: the value of `Accept-Patch` (RFC 8040, section 4.6).
    pub fn accept_patch() -> &'static str {
        "application/yang-data+json, application/yang-data+xml, \
         application/yang-patch+json, application/yang-patch+xml"
    }
}

/// One range of an `Accept` header.
struct Range<'t> {
    name: &'t str,
    /// In thousandths.
    quality: u16,
}

impl<'t> Range<'t> {
    fn parse(text: &'t str) -> Option<Self> {
        let mut parts = text.split(';').map(str::trim);
        let name = parts.next().filter(|name| name.contains('/'))?;
        let given = parts.find_map(|part| part.strip_prefix("q=").or(part.strip_prefix("Q=")));
        let quality = match given {
            None => 1000,
            Some(text) => thousandths(text)?,
        };
        Some(Self { name, quality })
    }

    /// How closely it names a media type; 0 when it does not.
    fn closeness(&self, media: &str) -> u8 {
        let main = media.split('/').next().unwrap_or_default();
        match self.name.split_once('/') {
            _ if self.name.eq_ignore_ascii_case(media) => 3,
            Some((kind, "*")) if kind.eq_ignore_ascii_case(main) => 2,
            Some(("*", "*")) => 1,
            _ => 0,
        }
    }
}

/// `0.25` as 250; `None` for what is no quality.
fn thousandths(text: &str) -> Option<u16> {
    let quality: f32 = text.parse().ok().filter(|quality| (0.0..=1.0).contains(quality))?;
    Some((quality * 1000.0) as u16)
}

/// Quality and closeness of the best of some names, unless it is refused.
fn quality(ranges: &[Range<'_>], names: &[&str]) -> Option<(u16, u8)> {
    let of = |name: &&str| {
        ranges
            .iter()
            .map(|range| (range.closeness(name), range.quality))
            .filter(|(closeness, _)| *closeness > 0)
            .max()
    };
    names
        .iter()
        .filter_map(of)
        .filter(|(_, quality)| *quality > 0)
        .map(|(closeness, quality)| (quality, closeness))
        .max()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wanted_format_is_found() {
        let cases = [
            (None, Some(Format::Json)),
            (Some(""), Some(Format::Json)),
            (Some("*/*"), Some(Format::Json)),
            (Some("application/*"), Some(Format::Json)),
            (Some("text/*"), Some(Format::Xml)),
            (Some("application/yang-data+xml"), Some(Format::Xml)),
            (Some("Application/XML"), Some(Format::Xml)),
            (Some("application/yang-data+xml, application/yang-data+json"), Some(Format::Json)),
            (Some("application/json;q=0.5, application/xml;q=0.75"), Some(Format::Xml)),
            (Some("application/yang-data+xml, */*"), Some(Format::Xml)),
            (Some("*/*, application/yang-data+json;q=0, application/json;q=0"), Some(Format::Xml)),
            (Some("text/html"), None),
            (Some("application/yang-data+json;q=0"), None),
            (Some("nonsense"), None),
        ];
        for (accept, expected) in cases {
            assert_eq!(Format::accepted(accept), expected, "{accept:?}");
        }
    }

    #[test]
    fn bodies_are_told_apart() {
        let cases = [
            ("application/yang-data+json", Some(Media::Data(Format::Json))),
            ("application/json; charset=UTF-8", Some(Media::Data(Format::Json))),
            ("text/xml;charset=\"utf-8\"", Some(Media::Data(Format::Xml))),
            ("application/yang-patch+xml", Some(Media::Patch(Format::Xml))),
            ("application/json; charset=latin1", None),
            ("application/x-www-form-urlencoded", None),
            ("", None),
        ];
        for (text, expected) in cases {
            assert_eq!(Media::of_content_type(text), expected, "{text:?}");
        }
    }
}
