import Directives
import Tokenizers
import Training

extension Workbench {
  /// What a question trains: the first texts of its dataset, those after them being left to judge.
  ///
  /// - Parameter judged: texts that are left to judge where the author did not say how many train; a fifth at most.
  /// - Returns: the trainer, how many texts train, and those behind them.
  func distillation(
    of question: Question, leaving judged: Int
  ) throws -> (trainer: Trainer, trained: Int, rest: ArraySlice<String>) {
    try question.requireTexts()
    let (model, tokenizer) = (try question.subject.model(), try question.subject.tokenizer())
    let usable = try texts(of: question)
    let isGiven = question.bound.isGiven(TrainKeys.texts)
    let count = min(question[TrainKeys.texts], isGiven ? usable.count : usable.count - min(judged, usable.count / 5))
    try check(count, of: question, wanted: question[TrainKeys.texts], isGiven: isGiven, remedy: "lower train=")
    let context = model.configuration.context
    guard question[TrainKeys.length] <= context || !question.bound.isGiven(TrainKeys.length) else {
      throw EngineError(
        "length=\(question[TrainKeys.length]): the context of '\(question.subject.entry.name)' holds \(context) tokens",
        hint: "at most length=\(context)")
    }
    let texts = try TrainingTexts(
      of: usable.prefix(count), tokenizer, length: min(question[TrainKeys.length], context), seed: question[.seed])
    let parameters = TrainKeys.settings(question.bound)
    let trainer = try Trainer(
      model, try SelfDistillation(of: model, DistillKeys.settings(question.bound)), texts, parameters,
      keeping: memory / 2)
    return (trainer, count, usable.dropFirst(count))
  }
}

extension TrainingTexts {
  /// The windows of texts.
  ///
  /// - Throws: `EngineError` where none has anything to train on, or the tokenizer's error.
  init(of texts: ArraySlice<String>, _ tokenizer: Tokenizer, length: Int, seed: Int) throws {
    self.init(try texts.map { try tokenizer.encode($0) }, length: length, seed: seed)
    guard !windows.isEmpty else { throw EngineError("no text has two tokens to train on") }
  }
}
