import Reports
import Testing

/// Which typed numbers are suspect.
@Suite struct NumberAuditTests {
  @Test(arguments: [
    ("The score is 0.79 here.\n", ["0.79"]),
    ("The small model saves 31 % of its blocks. There are 12 of them.\n", ["31"]),
    ("There are 12 blocks and 3.5 apples.\n", []),
    ("The score is <<value convergence.score n=6>> and `0.5` is code.\n", []),
    ("```\nscore 0.5\n```\n\n1. The score matters.\n2. The distance too.\n", []),
    ("| layer | R² |\n|---|---|\n| L3 | 0.91 |\n", ["0.91"]),
    ("See [the score](https://example.org/2024/3) and small-v2 or gpt2.\n", []),
    ("---\ntitle: A score of 0.91\nabstract: >\n  Its score is 0.92.\n---\nText.\n", ["0.91", "0.92"]),
    ("<<convergence n=6 caption=\"The score is 0.44.\">>\n", ["0.44"]),
    ("A score of .5, a distance of 5e-3 and a ratio of \u{2212}0.3 or -7.\n", [".5", "5e-3", "\u{2212}0.3", "-7"]),
    ("スコアは0.8です。全部で12層ある。\n", ["0.8"]),
  ])
  func typedNumbers(text: String, expected: [String]) throws {
    let book = try PageBook()
    let warnings = NumberAudit(try book.template(text).0, models: ["small"]).warnings
    #expect(warnings.map { $0.message.split(separator: "'")[1] } == expected.map { $0[...] })
  }

  @Test func placeIsThatOfTheNumber() throws {
    let warning = try #require(
      NumberAudit(try PageBook().template("---\ntitle: A\n---\nThe score\nis 0.79.\n").0, models: []).warnings.first)
    #expect(
      warning.headline.hasSuffix(
        "page.md:5:4: warning: the number '0.79' stands near 'score' and no directive produced it"))
  }
}
