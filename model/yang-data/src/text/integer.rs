//! Integers to text, without the formatting machinery: trees hold millions.

/// Digits of `u64::MAX`.
const DIGITS_MAX: usize = 20;

pub(super) fn write_unsigned(mut number: u64, out: &mut String) {
    let mut digits = [0u8; DIGITS_MAX];
    let mut at = DIGITS_MAX;
    loop {
        at -= 1;
        digits[at] = b'0' + (number % 10) as u8;
        number /= 10;
        if number == 0 {
            break;
        }
    }
    out.push_str(std::str::from_utf8(&digits[at..]).expect("digits are ASCII"));
}

pub(super) fn write_signed(number: i64, out: &mut String) {
    if number < 0 {
        out.push('-');
    }
    write_unsigned(number.unsigned_abs(), out);
}
