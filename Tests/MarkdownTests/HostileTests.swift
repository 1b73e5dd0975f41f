import Directives
import Foundation
import Markdown
import Testing

@Suite struct HostileTests {
  @Test func deepNesting() {
    for text in [
      String(repeating: ">", count: 50_000) + " <<v>>", String(repeating: "- ", count: 3_000) + "x",
      String(repeating: "*a **b ", count: 5_000), String(repeating: "[", count: 50_000) + "<<v>>",
      String(repeating: "![", count: 5_000) + "x" + String(repeating: "](y)", count: 5_000),
    ] {
      let reading = Reading(text)
      #expect(reading.placements.count <= 1)
      #expect(!reading.html.isEmpty)
    }
    #expect(Reading(String(repeating: ">", count: 200) + " x").faults == ["1:1: error: nested more than 100 deep"])
  }

  @Test func hugeLines() {
    let values = String(repeating: "<<v x>> ", count: 20_000)
    let reading = Reading("a " + values)
    #expect(reading.placements.allSatisfy { $0 == "inline" } && reading.placements.count == 20_000)
    #expect(Reading(String(repeating: "<<a>> ", count: 20_000)).body.groups.first?.count == 20_000)
    #expect(
      Reading(String(repeating: "|", count: 100_000) + "\n" + String(repeating: "|-", count: 50_000)).html.count > 0)
    #expect(Reading(String(repeating: "a[^b] ", count: 2_000) + "\n\n[^b]: c").isWellFormed)
    #expect(Reading(String(repeating: "$`x`$ ", count: 2_000)).isWellFormed)
    #expect(Reading(String(repeating: "`", count: 30_000)).isWellFormed)
  }

  /// Random documents: every directive is accounted for exactly once, every page is XML, reading and printing agree.
  ///
  /// A few thousand documents in the normal run, 200,000 where `LAYERBOOK_LONG` is set.
  @Test func conservesDirectives() {
    let isLong = ProcessInfo.processInfo.environment["LAYERBOOK_LONG"] == "1"
    let generator = DocumentGenerator()
    var state = Randomness(seed: 2_026)
    var counts: [String: Int] = [:]
    for round in 0..<(isLong ? 200_000 : 4_000) {
      let text = generator.document(&state)
      let reading = Reading(text)
      let directives = reading.body.scan.marks
      #expect(reading.body.placements.count == directives.count)
      let runs = reading.body.placements.enumerated().filter { index, placement in
        switch placement {
        case .block, .inline: directives[index].directive != nil
        default: false
        }
      }
      #expect(reading.body.groups.flatMap { $0 }.count == runs.filter { $0.element != .inline }.count)
      // Notes nobody refers to are errors and are not printed.
      let isPrinted = !reading.faults.contains { $0.contains("never referred to") || $0.contains("defined twice") }
      for (index, placement) in runs where placement == .inline && isPrinted {
        let name = (directives[index].directive?.name ?? "") + "\(index)"
        #expect(occurrences(of: name, in: reading.html) >= 1, "\(text.debugDescription)")
      }
      for scalar in reading.html.unicodeScalars where scalar == Placeholder.opening || scalar == Placeholder.closing {
        Issue.record("a placeholder is left in round \(round): \(text.debugDescription)")
      }
      if !WellFormedness.check("<body>" + reading.html + "</body>") {
        Issue.record("not well-formed in round \(round): \(text.debugDescription) → \(reading.html)")
      }
      for placement in reading.placements {
        counts[placement.hasPrefix("block") ? "block" : placement, default: 0] += 1
      }
    }
    for kind in ["block", "inline", "code", "comment", "rawHTML", "linkTarget", "noEffect", "literal", "misplaced"] {
      #expect(counts[kind, default: 0] > 0, "no \(kind) in the sample")
    }
  }

  private func occurrences(of needle: String, in text: String) -> Int { text.components(separatedBy: needle).count - 1 }
}

/// A small generator of random numbers that is the same everywhere.
struct Randomness {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func below(_ count: Int) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int(state >> 33) % count
  }
}

/// Makes documents of pieces that interact badly.
struct DocumentGenerator {
  private let pieces = [
    "<<v x>>", "<<a>>", "<<v \"q >> `t`\">>", "\\<<v>>", "<<zz 95%>>", "<<open", "<<a b=c>>", "text", " ", "  ", "\n",
    "\n", "\n\n", "*", "**", "_", "`", "``", "```\n", "```math\n", "```table\n", "~~~\n", "> ", "- ", "1. ", "    ",
    "\t", "# ", "## ", "\n---\n", "===\n", "[", "]", "(", ")", "](", "][", "![", "[r]: ", "<", ">", "<div>\n", "</div>",
    "<b>", "<!-- ", " -->", "&amp;", "&#8;", "&#x41;", "\\", "\\\\", "\"", "'", "--", "...", "|", "|---|---|\n",
    "|-|\n", "| a | b |\n", "$`", "`$", "$", "\\frac", "{#id}", "[^1]", "[^1]: ", "日本", "\u{301}", "\u{FE0F}",
    "\u{200B}", "\r\n", "\r", "http://x.y", "<http://x.y/", "@", ":", "=", "{", "}", "%", "\u{1F600}", "<?",
    "<![CDATA[",
    "]]>", "<script>", "</script>\n", "<pre>", "+ ", "  \n",
  ]

  func document(_ state: inout Randomness) -> String {
    var text = ""
    for _ in 0..<(2 + state.below(24)) { text += pieces[state.below(pieces.count)] }
    return text
  }
}
