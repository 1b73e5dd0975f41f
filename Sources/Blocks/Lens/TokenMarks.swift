import JSONText
import Tokenizers
import Transformers

/// Tokens as results hold them and as figures show them.
enum TokenMarks {
  /// A token in a result: its text, bytes that form no character as `\xHH`.
  static func text(_ id: Int, _ tokenizer: Tokenizer) -> String { tokenizer.display(id) }

  /// A token in a figure, where a space must be seen: `␣` for a space, `⏎` for a line's end, `⇥` for a tab.
  ///
  /// Other characters that would not be seen are written as their code.
  static func shown(_ token: String) -> String {
    var out = ""
    for scalar in token.unicodeScalars {
      switch scalar {
      case " ": out += "␣"
      case "\n": out += "⏎"
      case "\t": out += "⇥"
      default:
        let isHidden =
          scalar.properties.isWhitespace || scalar.properties.isDefaultIgnorableCodePoint
          || [.control, .format, .unassigned, .privateUse].contains(scalar.properties.generalCategory)
        if isHidden {
          out += "U+" + String(scalar.value, radix: 16, uppercase: true)
        } else {
          out.unicodeScalars.append(scalar)
        }
      }
    }
    return out.isEmpty ? "∅" : out
  }
}

/// One token with its probability.
struct RankedToken: Codable, Sendable {
  @Field("the token as text") var token = ""
  @Field("its probability") var probability = 0.0
}

extension RankedToken {
  /// The top tokens of a reading.
  static func top(_ reading: LogitReading, _ tokenizer: Tokenizer) -> [RankedToken] {
    reading.top.map {
      RankedToken(token: TokenMarks.text($0.token, tokenizer), probability: reading.probability($0))
    }
  }
}
