use super::*;
use alloc::{format, vec, vec::Vec};
use miniz_oxide::deflate::compress_to_vec;
use proptest::prelude::*;

/// Inflates in pieces, into a buffer of a certain size.
fn inflate(mut input: &[u8], piece: usize, room: usize) -> Result<(Vec<u8>, usize), Vec<u8>> {
    let (mut inflate, mut buffer, mut at, mut out) = (Deflate::at_block(0, 0), vec![0; room], 0, Vec::new());
    let whole = input.len();
    loop {
        if at == buffer.len() {
            buffer.copy_within(at - (room / 2)..at, 0);
            at = room / 2;
        }
        let chunk = input.get(..piece.min(input.len())).unwrap();
        let Step { read, written, halt } = inflate.inflate(chunk, &mut buffer, at, false);
        out.extend_from_slice(&buffer[at..at + written]);
        at += written;
        input = &input[read..];
        match halt {
            Halt::End => return Ok((out, whole - input.len())),
            Halt::Corrupt => return Err(out),
            _ if input.is_empty() && at < buffer.len() => return Err(out),
            _ => {}
        }
    }
}

fn text(length: usize) -> Vec<u8> {
    let mut text = Vec::new();
    for number in 0_u64.. {
        if text.len() >= length {
            break;
        }
        text.extend(format!("{number:x} portolan {} ", number * number % 97).bytes());
    }
    text.truncate(length);
    text
}

#[test]
fn makes_what_was_deflated_however_it_comes() {
    let texts =
        [Vec::new(), text(1), text(1000), text(200_000), vec![7; 100_000], (0..=255).cycle().take(70_000).collect()];
    for text in texts {
        for level in [0, 1, 6, 10] {
            let mut deflated = compress_to_vec(&text, level);
            let length = deflated.len();
            deflated.extend_from_slice(b"and what follows");
            for (piece, room) in [(usize::MAX, 300_000), (1, 70_000), (13, 66_000), (1000, 65_536)] {
                let made = inflate(&deflated, piece, room);
                assert!(made == Ok((text.clone(), length)), "level {level}, {} bytes, {piece} by {room}", text.len());
            }
        }
    }
}

#[test]
fn what_repeats_soon_is_made_of_what_was_just_made() {
    for period in 1..=40 {
        let mut text: Vec<u8> = (0..period).map(|at| at * 5 + 3).cycle().take(2_000).collect();
        text.extend(self::text(500));
        text.extend((0..period).cycle().take(100));
        for (piece, room) in [(usize::MAX, 70_000), (1, 70_000), (90, 65_536)] {
            let made = inflate(&compress_to_vec(&text, 6), piece, room).map(|(made, _)| made);
            assert!(made.as_ref() == Ok(&text), "every {period} bytes, {piece} by {room}");
        }
    }
}

#[test]
fn tells_at_which_bit_a_block_ends() {
    let text = text(1_500_000);
    let deflated = compress_to_vec(&text, 6);
    let (mut first, mut buffer) = (Deflate::at_block(0, 0), vec![0; text.len() + 300]);
    let (mut read, mut at, mut blocks) = (0, 0, 0);
    loop {
        let step = first.inflate(&deflated[read..], &mut buffer, at, true);
        read += step.read;
        at += step.written;
        if step.halt == Halt::End {
            break;
        }
        assert_eq!(step.halt, Halt::Block);
        blocks += 1;
        let mut rest = buffer.clone();
        rest[at..].fill(0);
        let mut second = Deflate::at_block(first.bits_left().unwrap(), deflated[read - 1]);
        let step = second.inflate(&deflated[read..], &mut rest, at, false);
        assert_eq!((step.halt, at + step.written), (Halt::End, text.len()));
        assert!(rest[..text.len()] == text[..]);
    }
    assert!(blocks > 2, "{blocks}");
    assert!(buffer[..at] == text[..]);
}

/// What zlib makes of it, and whether it ended well.
#[cfg(feature = "zlib")]
fn zlib(input: &[u8], room: usize) -> (Vec<u8>, Halt) {
    let mut buffer = vec![0; room];
    let step = crate::layers::compress::zlib::Zlib::new().inflate(input, &mut buffer, 0, false);
    buffer.truncate(step.written);
    (buffer, step.halt)
}

#[cfg(feature = "zlib")]
proptest! {
    #![proptest_config(ProptestConfig { cases: 20_000, ..ProptestConfig::default() })]
    #[test]
    fn l03_accepts_what_zlib_accepts(
        kind in 0..3_u8, random in prop::collection::vec(any::<u8>(), 0..300), flip in any::<prop::sample::Index>(), bit in 0..8_u8,
    ) {
        let mut input = match kind {
            // A dynamic block that nothing made.
            0 => [&[5_u8], &random[..]].concat(),
            1 => random,
            _ => compress_to_vec(&random, 6),
        };
        if kind == 2 && !input.is_empty() {
            let at = flip.index(input.len());
            input[at] ^= 1 << bit;
        }
        let room = 70_000;
        let mut buffer = vec![0; room];
        let step = Deflate::at_block(0, 0).inflate(&input, &mut buffer, 0, false);
        let (expected, halt) = zlib(&input, room);
        prop_assert_eq!(step.halt, halt);
        if halt != Halt::Corrupt {
            prop_assert!(buffer[..step.written] == expected[..]);
        }
    }
}
