import Blocks
import JSONText
import TestSupport
import Testing

@Suite struct ResultShapeTests {
  private static let views = [
    "<<convergence n=5>>", "<<earlyexit 95% n=40>>", "<<heatmap r2 mean solver=ridge n=30>>",
    "<<heatmap r2 mean pairs=all solver=ridge n=30>>", "<<heatmap r2 dims solver=ridge n=30>>",
    "<<heatmap r2 mat n=30>>", "<<heatmap r2 id n=30>>", "<<heatmap r2 both n=30>>", "<<heatmap r2 diff n=30>>",
    "<<paths r2 top=5 solver=ridge n=30>>", "<<redundancy targets solver=ridge n=30>>",
    "<<redundancy sources solver=ridge n=30>>", "<<redundancy layers solver=ridge n=30>>",
    "<<redundancy null dims=2 solver=ridge n=30>>", "<<redundancy scale dims=2 solver=ridge n=30>>",
    "<<bypass causal 0->1 by=skip train=20 test=10>>", "<<bypass causal auto train=20 test=10>>",
    "<<generate causal \"A cat\" tokens=2>>", "<<redundancy self solver=ridge n=30>>", "<<convergence text=\"A cat\">>",
    "<<smodel n=5>>", "<<contribution layers causal \"A cat\">>", "<<contribution heads causal \"A cat\">>",
    "<<contribution positions causal \"A cat\">>", "<<contribution neurons causal \"A cat\" top=3>>",
    "<<contribution attn-neurons causal \"A cat\" top=3>>", "<<bsvalues causal L1.N3>>", "<<vocab causal L1.N3>>",
    "<<shift causal L1.N3 \"A cat\">>", "<<logprob curve causal \"A cat\">>",
    "<<logprob additivity causal \"A cat\">>", "<<influence layers causal L1.N3 \"A cat\">>",
    "<<influence neurons causal \"A cat\">>", "<<neurons value causal dataset=facts>>",
    "<<neurons query causal dataset=facts>>", "<<neurons overlap causal dataset=facts>>",
    "<<intervene causal dataset=facts>>",
    "<<memory triggers causal L1.N3 n=9>>", "<<memory patterns causal keys=1 n=9>>",
    "<<memory ablation causal keys=1 n=9>>", "<<memory value causal L1.N3>>", "<<memory agreement causal n=9>>",
    "<<memory rank causal n=9>>", "<<memory maxprob causal n=9>>", "<<memory predictive causal n=9>>",
    "<<memory active causal n=9>>", "<<memory composition causal n=9>>", "<<memory dominant causal n=9>>",
    "<<memory residual causal n=9>>", "<<memory confidence causal n=9>>", "<<memory cases causal n=9>>",
    "<<memory lastlayer causal n=9>>",
    "<<knowledge attribution causal \"capital/France\" dataset=facts most=20>>",
    "<<knowledge neurons causal \"capital/France\" dataset=facts most=20 n=1>>",
    "<<knowledge prompts causal \"capital/France\" dataset=facts most=20 n=1>>",
    "<<knowledge activation causal dataset=facts most=20 n=1>>",
    "<<knowledge stats causal dataset=facts most=20 n=1>>",
    "<<knowledge distribution causal dataset=facts most=20 n=1>>",
    "<<knowledge suppress causal dataset=facts most=20 n=1>>",
    "<<knowledge amplify causal dataset=facts most=20 n=1>>",
    "<<knowledge update causal \"capital/France\" \"Baghdad\" dataset=facts most=20 n=1>>",
    "<<knowledge erase causal \"capital\" dataset=facts most=20 n=1>>",
    "<<knowledge seen causal corpus=atlas dataset=facts most=20 n=1>>",
    "<<pca \"A cat\" last=1>>",
    "<<logitlens \"A cat\" last=1 mid=on>>", "<<lens entropy n=5>>", "<<lens logitdiff \"A cat\">>",
    "<<lens kl lens=mat fit=60>>", "<<lens transfer fit=60>>", "<<lambada causal n=5>>", "<<wikitext causal n=5>>",
    "<<precision k=2,7 n=40>>", "<<surprisal n=40>>",
    "<<submodules precision n=40>>", "<<submodules surprisal n=40>>", "<<alternation n=40>>",
    "<<plot \(ProjectRoot.path)/reports/cka-numpy.csv x=depth y=cka_with_last by=model>>",
    "<<table \(ProjectRoot.path)/reports/cka-numpy.csv>>",
    "<<distill loss n=5>>", "<<distill weights>>",
    "<<distill train causal steps=2 train=8 test=6 batch=3 length=16>>",
    "<<transfer dataset=atlas,atlas n=40>>", "<<predictions \"Rome is in [MASK].\" n=40>>",
  ]

  /// Every view: what a block says its result holds is what it holds, no more and no less.
  @Test(arguments: views)
  func theShapeIsThatOfTheResult(text: String) throws {
    let evaluation = try Asker().ask(text)
    let block = try #require(Registry.standard.block(evaluation.bound.name))
    #expect(differences(.object(evaluation.result), block.shape(of: evaluation.bound), at: evaluation.bound.name) == [])
  }

  /// `std`, `max` and so on are members of the same result as `mean`.
  @Test func everyViewIsTried() throws {
    let tried = try Self.views.map { try Asker().bind($0).source }.map { "\($0.name) \($0.view.last ?? "")" }
    for block in Registry.standard.blocks {
      for view in block.views {
        let words = view.keywords.isEmpty ? [""] : view.keywords.map(\.word)
        #expect(words.contains { tried.contains("\(block.schema.name) \($0)") }, "\(block.schema.name) \(words)")
      }
    }
  }

  @Test(arguments: [
    ("<<value convergence.scor>>", "'convergence' has no 'scor'", "did you mean 'score' or 'score_per_token'?"),
    (
      "<<value convergence.distance>>", "'convergence.distance' is not one number",
      "it is a list: choose an entry with [0], or [-1] for the last"
    ),
    ("<<value convergence.score[0]>>", "'convergence.score' is no list", "it is one number"),
    ("<<value earlyexit.mat.save 95%>>", "'earlyexit.mat' has no 'save'", "did you mean 'saved' or 'saved_net'?"),
    ("<<value earlyexit.minimum_norm>>", "'earlyexit.minimum_norm' is not one number", "it is true or false"),
    ("<<value heatmap.mat[0][1] r2 id>>", "'heatmap' has no 'mat'", "valid members: id, minimum_norm, undefined"),
  ])
  func aPathThatLeadsNowhereIsAFaultOfTheTemplate(text: String, message: String, hint: String) throws {
    let faults = Registry.standard.faults(of: try Asker().bind(text))
    #expect(faults.map(\.message) == [message])
    #expect(faults.first?.hints == [hint])
    #expect(faults.first?.span != nil)
  }

  private func differences(_ value: JSONValue, _ shape: ResultShape, at place: String) -> [String] {
    switch shape {
    case .number: value.isNull || value.doubleValue != nil ? [] : ["\(place) is no number"]
    case .flag: value.boolValue == nil ? ["\(place) is no flag"] : []
    case .text: value.stringValue == nil ? ["\(place) is no text"] : []
    case .open: []
    case .list(let entry):
      value.arrayValue?.flatMap { differences($0, entry, at: place + "[]") } ?? ["\(place) is no list"]
    case .object(let members):
      if let object = value.objectValue, Set(object.keys) == Set(members.keys) {
        members.flatMap { differences(object[$0.key] ?? .null, $0.value, at: "\(place).\($0.key)") }
      } else {
        ["\(place) holds \(value.objectValue?.keys.sorted() ?? []), not \(members.keys.sorted())"]
      }
    }
  }
}
