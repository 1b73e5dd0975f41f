import Directives
import JSONText

/// A view of what a file of the author's holds: no model is asked, and nothing runs.
///
/// So `check` reads the file too, and finds what rendering would find.
protocol FileView: View {
  /// What the file holds, as far as the directive asks for it.
  ///
  /// - Throws: `EngineError` with file, line and column.
  func read(_ bound: BoundDirective, on bench: Workbench) throws -> Result
}

extension FileView {
  /// The result as JSON.
  func json(of bound: BoundDirective, on bench: Workbench) throws -> JSONObject {
    guard case .object(let result) = try JSON.encode(try read(bound, on: bench)) else { return JSONObject() }
    return result
  }

  func answer(_ question: Question, on bench: Workbench) throws -> Answer<Result> {
    Answer(result: try read(question.bound, on: bench), facts: .none)
  }
}

/// A name out of a file as code in a caption, whatever backticks it holds.
func code(_ text: String) -> String {
  var fence = "`"
  while text.contains(fence) { fence += "`" }
  let room = text.hasPrefix("`") || text.hasSuffix("`") ? " " : ""
  return fence + room + text + room + fence
}
