use super::{Command, Dockerfile, DockerfileError, Instruction, expand, stage::Arguments};
use alloc::{
    format,
    string::{String, ToString as _},
    vec,
    vec::Vec,
};

fn read(text: &str) -> Dockerfile {
    Dockerfile::read(text).unwrap()
}

/// The instructions of the last stage.
fn steps(text: &str) -> Vec<Instruction> {
    let file = read(&format!("FROM scratch\n{text}"));
    file.stages.into_iter().flat_map(|stage| stage.steps).map(|step| step.instruction).collect()
}

fn refused(text: &str) -> String {
    Dockerfile::read(text).unwrap_err().to_string()
}

fn pair(name: &str, value: &str) -> (String, String) {
    (name.into(), value.into())
}

fn arguments(pairs: &[(&str, &str)]) -> Arguments {
    pairs.iter().map(|(name, value)| pair(name, value)).collect()
}

#[test]
fn lines_are_continued_and_comments_dropped() {
    let file =
        read("# a comment\n\nFROM scratch\nENV a=b \\\n  # within\n\n  c=d \\  \n e=f\n   # indented\nLABEL x=y\n");
    let [env, label] = &*file.stages[0].steps else { panic!("{file:?}") };
    assert_eq!((env.line, label.line), (4, 10));
    assert_eq!(env.instruction, Instruction::Env(vec![pair("a", "b"), pair("c", "d"), pair("e", "f")]));
}

#[test]
fn the_escape_character_can_be_chosen() {
    let file = read("# syntax=docker/dockerfile:1\n# Escape = `\nFROM scratch\nCOPY a `\n  C:\\b\n");
    assert_eq!(file.escape, '`');
    assert!(matches!(&file.stages[0].steps[0].instruction, Instruction::Copy(copy) if copy.destination == "C:\\b"));
    assert_eq!(read("FROM scratch\n# escape=`\n").escape, '\\');
    assert_eq!(
        refused("# escape=x\nFROM scratch"),
        "dockerfile parse error on line 1: invalid ESCAPE 'x'. Must be ` or \\"
    );
}

#[test]
fn here_documents_are_passed_over() {
    let file = read("FROM scratch\nCOPY <<-\"EOF\" <<B /x/\n\tFROM not\n\tEOF\nRUN not\nB\nLABEL a=b\n");
    assert_eq!(file.stages[0].steps.len(), 2);
    assert!(matches!(&file.stages[0].steps[0].instruction, Instruction::Copy(copy) if copy.heredoc));
    assert_eq!(refused("FROM scratch\nRUN <<EOF\nx\n"), "dockerfile parse error on line 2: unterminated heredoc 'EOF'");
}

#[test]
fn commands_are_words_or_lines() {
    let words = |text: &str| match steps(text).pop() {
        Some(Instruction::Cmd(command)) => command,
        other => panic!("{other:?}"),
    };
    assert_eq!(words("CMD [\"a\", \"b c\"]"), Command::Exec(vec!["a".into(), "b c".into()]));
    assert_eq!(words("cmd node  server.js"), Command::Shell("node  server.js".into()));
    assert_eq!(words("CMD ['a']"), Command::Shell("['a']".into()));
    let shell = ["/bin/sh".into(), "-c".into()];
    assert_eq!(Command::Shell("x y".into()).words(&shell), ["/bin/sh", "-c", "x y"]);
}

#[test]
fn names_and_values_come_in_two_forms() {
    assert_eq!(steps("ENV a  b c=d"), [Instruction::Env(vec![pair("a", "b c=d")])]);
    assert_eq!(
        steps("LABEL \"a b\"='c d' e=f\\ g"),
        [Instruction::Label(vec![pair("\"a b\"", "'c d'"), pair("e", "f\\ g")])]
    );
    assert_eq!(refused("FROM scratch\nENV a"), "dockerfile parse error on line 2: ENV must have two arguments");
    assert!(refused("FROM scratch\nENV a=b c").contains("can't find = in \"c\""));
}

#[test]
fn flags_of_copies_are_read() {
    let copied = steps("COPY --from=build --chown=1:2 --chmod=755 --link a b /c/");
    let [Instruction::Copy(copy)] = &*copied else { panic!("{copied:?}") };
    assert_eq!(
        (copy.from.as_deref(), copy.chown.as_deref(), copy.chmod.as_deref()),
        (Some("build"), Some("1:2"), Some("755"))
    );
    assert_eq!((&*copy.sources, &*copy.destination), (&["a".into(), "b".into()][..], "/c/"));
    assert!(matches!(&*steps("COPY [\"a b\", \"/c d\"]"), [Instruction::Copy(copy)] if copy.sources == ["a b"]));
    assert!(refused("FROM scratch\nCOPY --what=x a b").ends_with("unknown flag: --what"));
    assert!(refused("FROM scratch\nCOPY a").ends_with("COPY requires at least two arguments"));
}

#[test]
fn health_checks_have_times() {
    let steps = steps("HEALTHCHECK --interval=1m30s --retries=3 CMD curl -f x\nHEALTHCHECK NONE");
    let [Instruction::Healthcheck(Some(health)), Instruction::Healthcheck(None)] = &*steps else { panic!("{steps:?}") };
    assert_eq!((&*health.times, health.retries), (&[("Interval", 90_000_000_000)][..], Some(3)));
    assert!(refused("FROM scratch\nHEALTHCHECK --interval=soon CMD x").contains("invalid duration"));
}

#[test]
fn what_is_no_dockerfile_is_refused_with_its_line() {
    for (text, said) in [
        ("", "line 1: file with no instructions"),
        ("# only\n", "line 1: file with no instructions"),
        ("RUN x", "line 1: no build stage in current context"),
        ("FROM scratch\nNOPE x", "line 2: unknown instruction: NOPE"),
        ("FROM a b", "line 1: FROM requires either one or three arguments"),
        ("FROM scratch\n\nCOPY", "line 3: COPY requires at least one argument"),
        ("FROM scratch\nSHELL x", "line 2: SHELL requires the arguments to be in JSON form"),
    ] {
        assert_eq!(refused(text), format!("dockerfile parse error on {said}"), "{text:?}");
    }
}

#[test]
fn variables_are_resolved_as_a_shell_would() {
    let known = |name: &str| match name {
        "a" => Some("A".to_string()),
        "empty" => Some(String::new()),
        _ => None,
    };
    for (word, value) in [
        ("$a-${a}_$b.", "A-A_."),
        ("\\$a", "$a"),
        ("'$a'\"$a\"", "$aA"),
        ("\"a\\\"b\\n\"", "a\"b\\n"),
        ("${b:-x$a}", "xA"),
        ("${empty:-x}${empty-x}", "x"),
        ("${a:+y}${b:+y}${empty+y}", "yy"),
        ("${a:?no}", "A"),
        ("a $ b$", "a $ b$"),
        ("a\\ b", "a b"),
    ] {
        assert_eq!(expand(word, '\\', &known).as_deref(), Ok(value), "{word}");
    }
    for word in ["${a", "${}", "${b:?gone}", "${a%x}", "'a", "\"a"] {
        assert!(expand(word, '\\', &known).is_err(), "{word}");
    }
    assert_eq!(expand("${b:?gone}", '\\', &known), Err("b: gone".into()));
}

const STAGES: &str = "ARG TAG=1\nARG BASE=r.example/base:${TAG}\nFROM ${BASE} AS one\nFROM scratch AS two\nCOPY --from=one /a /\n\
    COPY --from=r.example/tools:2 /b /\nFROM one AS Three\nRUN --mount=type=bind,from=r.example/cache,target=/x true\n";

#[test]
fn stages_know_what_they_are_made_of() {
    let file = read(STAGES);
    let none = arguments(&[]);
    assert_eq!(file.target(None), Ok(2));
    assert_eq!((file.target(Some("TWO")), file.target(Some("0"))), (Ok(1), Ok(0)));
    assert!(file.target(Some("four")).is_err());
    assert_eq!(file.needed(1, &none).unwrap(), [0, 1]);
    assert_eq!(file.needed(2, &none).unwrap(), [0, 2]);
    assert_eq!(file.images(1, &none).unwrap(), ["r.example/base:1", "r.example/tools:2"]);
    assert_eq!(file.images(2, &arguments(&[("TAG", "7")])).unwrap(), ["r.example/base:7", "r.example/cache"]);
    assert!(file.stages[2].runs().is_some() && file.stages[1].runs().is_none());
}

#[test]
fn an_image_without_a_name_is_an_error() {
    let file = read("ARG NAME\nFROM $NAME\n");
    let refused = file.image(&file.stages[0], &arguments(&[]));
    assert_eq!(refused, Err(DockerfileError { line: 2, reason: "base name ($NAME) should not be blank".into() }));
}
