import Blocks
import Books

/// One evaluator for each book of a run, so that templates of a book share models, datasets and answers.
struct BookEvaluators {
  let options: BookOptions
  let isFrozen: Bool
  private var known: [String: Evaluator] = [:]

  init(options: BookOptions, isFrozen: Bool = false) {
    self.options = options
    self.isFrozen = isFrozen
  }

  /// The evaluator of a book.
  mutating func evaluator(of book: Book) -> Evaluator {
    let place = book.directory ?? ""
    let evaluator = known[place] ?? Evaluator(bench: options.bench(book, isFrozen: isFrozen))
    known[place] = evaluator
    return evaluator
  }
}
