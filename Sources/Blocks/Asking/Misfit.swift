import Diagnostics
import Directives

/// What a directive asks and its model or its data can never give, found before anything runs.
///
/// Unlike something that is not there, which another machine may have, it is an error wherever the template is read.
public struct Misfit: HintedError, CustomStringConvertible {
  /// The part of a directive that a misfit is about.
  public enum Part: Sendable, Equatable {
    /// The model of that name, its own or one of `vs=` and `models=`.
    case model(String)
    case dataset
    /// The setting of a key, written with it or without.
    case setting(String)
  }

  public let message: String
  public let hint: String?
  /// What has to change.
  public let part: Part

  public init(_ message: String, hint: String? = nil, at part: Part) {
    (self.message, self.hint, self.part) = (message, hint, part)
  }

  public var description: String { message }

  /// Where the part stands in a directive; the whole of it where it is not written there.
  public func span(in bound: BoundDirective) -> SourceSpan {
    let arguments = bound.directive.arguments
    let found =
      switch part {
      case .model(let name):
        arguments.first { ($0.key == nil || $0.key == "vs") && $0.value == name }
          ?? arguments.first { $0.key == "models" && $0.value.split(separator: ",").contains { $0 == name } }
      case .dataset: arguments.first { $0.key == "dataset" }
      case .setting(let key):
        arguments.first { $0.key == key }
          ?? arguments.first { $0.key == nil && $0.value == bound.values[key]?.canonicalText }
      }
    return found?.span ?? bound.directive.span
  }
}

extension Bound {
  /// The diagnostic of an engine's error, at the directive that asked.
  public func diagnostic(of error: any Error) -> Diagnostic {
    let (message, hints) = error.explanation
    let span = (error as? Misfit)?.span(in: source) ?? self.directive.span
    return self.directive.diagnostic(at: span, message, hints: hints)
  }
}

extension Evaluator {
  /// What a directive asks that no machine can give; runs no engine.
  public func misfit(of meaning: Bound) -> Diagnostic? {
    do { try resolve(meaning.source) } catch let misfit as Misfit { return meaning.diagnostic(of: misfit) } catch {}
    return nil
  }
}
