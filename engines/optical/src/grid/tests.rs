use super::*;

const BAND: Band = Band::c_band(384);

#[test]
fn blocks_have_the_centres_of_the_grid() {
    let cases = [((0, 8), 191_350_000, -280), ((0, 6), 191_337_500, -282)];
    let more = [((3, 6), 191_375_000, -276), ((4, 8), 191_400_000, -272)];
    let last = [((375, 6), 196_025_000, 468)];
    for ((start, width), mhz, n) in cases.into_iter().chain(more).chain(last) {
        let block = Block::new(start, width);
        assert_eq!(BAND.centre(block).mhz(), mhz);
        let slot = BAND.frequency_slot(block);
        assert_eq!(slot.n, CentreNumber(n));
        assert_eq!(slot.centre(), Some(Frequency::from_mhz(mhz)));
        assert_eq!(BAND.block(slot), Some(block));
    }
}

#[test]
fn channels_number_as_modules_do() {
    let channel = |spacing, mhz| ModuleGrid::all(spacing).channel(Frequency::from_mhz(mhz));
    assert_eq!(channel(Spacing::Ghz75, 193_175_000), Some(3));
    assert_eq!(channel(Spacing::Ghz75, 193_125_000), None);
    assert_eq!(channel(Spacing::Ghz100, 193_150_000), None);
    assert_eq!(channel(Spacing::Ghz100, 193_100_000), Some(0));
    assert_eq!(channel(Spacing::Ghz150, 193_475_000), Some(12));
    assert_eq!(channel(Spacing::Ghz3p125, 193_103_125), Some(1));
    for spacing in [Spacing::Ghz6p25, Spacing::Ghz75, Spacing::Ghz150] {
        let grid = ModuleGrid { spacing, first: -72, last: 120 };
        for number in i16::MIN..=i16::MAX {
            let Some(frequency) = grid.frequency(number) else { continue };
            assert_eq!(grid.channel(frequency), Some(number));
        }
    }
}

#[test]
fn aligned_starts_are_those_a_search_finds() {
    use Spacing::*;
    let spacings = [Ghz3p125, Ghz6p25, Ghz12p5, Ghz25, Ghz50, Ghz75, Ghz100, Ghz150];
    for spacing in spacings {
        for grid in [ModuleGrid::all(spacing), ModuleGrid { spacing, first: -30, last: 24 }] {
            for width in [1, 2, 3, 4, 6, 8, 11, 16, 384, 385] {
                let found: Vec<u16> = grid.starts(BAND, width).iter().collect();
                let fits = |s: &u16| {
                    let block = Block::new(*s, width);
                    BAND.holds(block) && grid.channel(BAND.centre(block)).is_some()
                };
                let expected: Vec<u16> = (0..384).filter(fits).collect();
                assert_eq!(found, expected, "{grid:?} width {width}");
            }
        }
    }
}

#[test]
fn numbers_of_whole_channels_are_those_of_the_plan() {
    assert_eq!(ModuleGrid::all(Spacing::Ghz75).starts(BAND, 6).count(), 63);
    assert_eq!(ModuleGrid::all(Spacing::Ghz100).starts(BAND, 8).count(), 47);
}

#[test]
fn bad_bands_are_refused() {
    assert!(Band::new(Frequency::from_mhz(191_301_000), 10).is_err());
    assert!(Band::new(Frequency::ANCHOR, 0).is_err());
    assert!(Band::new(Frequency::ANCHOR, SLOTS_MAX + 1).is_err());
    assert!(Band::new(Frequency::from_mhz(191_306_250), SLOTS_MAX).is_ok());
}
