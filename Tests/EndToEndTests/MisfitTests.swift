import Foundation
import Testing

/// What a directive asks and its model or its data can never give: `check` says so, and runs nothing.
struct Misfitting: Sendable, CustomTestStringConvertible {
  var directive: String
  /// The part of it that is pointed at, and the message.
  var place: String
  var message: String
  var testDescription: String { directive }

  static let all: [Misfitting] = [
    Misfitting(
      directive: "<<contribution positions \"The capital\" L1.H99>>", place: "L1.H99",
      message: "L1.H99: the model has 4 heads in a block, H0 to H3"),
    Misfitting(
      directive: "<<vocab L99.N1>>", place: "L99.N1", message: "L99.N1: the model has 8 blocks, L0 to L7"),
    Misfitting(
      directive: "<<vocab L1.N99999>>", place: "L1.N99999",
      message: "L1.N99999: the model has 512 neurons in a block, N0 to N511"),
    Misfitting(
      directive: "<<bypass gpt 3->99>>", place: "3->99", message: "the span ends above the last depth of 'gpt', 8"),
    Misfitting(
      directive: "<<contribution layers bert \"The capital\">>", place: "bert",
      message: "<<contribution>> takes the residual stream apart into a sum, and 'bert' norms after each addition"),
    Misfitting(
      directive: "<<lambada models=gpt,bert>>", place: "models=gpt,bert",
      message: "<<lambada>> scores the token that follows, and 'bert' is a masked model"),
    Misfitting(
      directive: "<<lambada gpt vs=bert>>", place: "vs=bert",
      message: "<<lambada>> scores the token that follows, and 'bert' is a masked model"),
    Misfitting(
      directive: "<<intervene dataset=atlas>>", place: "dataset=atlas", message: "dataset 'atlas'"),
  ]
}

@Suite struct MisfitTests {
  @Test(arguments: Misfitting.all)
  func checkPointsAtIt(_ misfitting: Misfitting) throws {
    let book = try BookFolder()
    try book.write("Some words.\n\n" + misfitting.directive + "\n", to: "book/t.md")
    let outcome = try book.run("check", "--book", "book")
    #expect(outcome.status == 2)
    let column = try #require(misfitting.directive.range(of: misfitting.place)).lowerBound.utf16Offset(
      in: misfitting.directive)
    #expect(outcome.errors.contains("book/t.md:3:\(column + 1): error: \(misfitting.message)"), "\(outcome.errors)")
    let asked = try book.run("ask", "--book", "book", misfitting.directive)
    let fault = ":1:\(column + 1): error: \(misfitting.message)"
    #expect(asked.status == 2 && asked.errors.contains(fault), "\(asked.errors)")
    #expect(book.files(below: "book/.layerbook").isEmpty)
  }

  /// One that fits is none, whatever stands beside it.
  @Test func whatFitsIsNoFault() throws {
    let book = try BookFolder()
    try book.write(
      "<<vocab L7.N511>>\n\n<<bypass gpt 3->8>>\n\n<<contribution positions \"The\" L7.H3>>\n", to: "book/t.md")
    let outcome = try book.run("check", "--book", "book")
    #expect(outcome.status == 0, "\(outcome.errors)")
  }
}
