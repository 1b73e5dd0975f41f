import Directives
import Testing

@Suite struct QuantityTests {
  @Test(arguments: [
    ("convergence.score", true), ("convergence.distance[-1]", true), ("earlyexit.mat.saved", true),
    ("heatmap.mat[0][5]", true), ("precision.mat.10[3]", true), ("a", true), ("a.", false), (".a", false),
    ("a..b", false), ("a[", false), ("a[x]", false), ("a[1", false), ("a[--1]", false), ("", false), ("1a.b", false),
    ("a.b ", false), ("a[99999999999999999999]", false),
  ])
  func readsPaths(text: String, isPath: Bool) {
    #expect((QuantityPath(text) != nil) == isPath)
    if isPath { #expect(QuantityPath(text)?.description == text) }
  }

  @Test(arguments: [
    (
      "<<value convergence.score llama-1b>>",
      "convergence.score of convergence llama-1b dataset=texts badge=on position=last seed=7"
    ),
    (
      "<<value earlyexit.mat.saved gpt2 95%>>",
      "earlyexit.mat.saved of earlyexit gpt2 dataset=texts k=1,5 seed=7 target=95%"
    ),
    (
      "<<value heatmap.mean[3] r2 mean>>",
      "heatmap.mean[3] of heatmap r2 mean atlas dataset=texts pairs=adjacent seed=7"
    ),
    ("<<value heatmap.mean[3]>>", "heatmap.mean[3] of heatmap r2 mean atlas dataset=texts pairs=adjacent seed=7"),
    (
      "<<value heatmap.mat[0][5] gpt2 n=9 digits=2>>",
      "heatmap.mat[0][5] of heatmap r2 mat gpt2 dataset=texts n=9 seed=7"
    ),
    ("<<value gpt2 convergence.score>>", "'gpt2' is not one number: expected the way into its result"),
    ("<<value bypass.agreement 3->8>>", "bypass.agreement of bypass atlas dataset=texts pair=3->8 seed=7"),
  ])
  func bindsValues(text: String, expected: String) {
    let (bound, faults) = TestSchemas.bind(text)
    if case .quantity(let quantity)? = bound {
      #expect(quantity.canonicalText == expected)
    } else {
      #expect(faults.map(\.message) == [expected])
    }
  }

  @Test(arguments: [
    ("<<expect convergence.score > 0.5>>", "> 0.5"), ("<<expect convergence.score >0.5>>", "> 0.5"),
    ("<<expect convergence.score gpt2 >= 0.8 +-0.05>>", ">= 0.8 +-0.05"),
    ("<<expect convergence.score >=0.8+-0.05 gpt2>>", ">= 0.8 +-0.05"),
    ("<<expect convergence.score = 1e-3 ±0.5>>", "= 1e-3 +-0.5"),
    ("<<expect convergence.score <= -2 +- 1 n=3>>", "<= -2 +-1"),
    ("<<expect earlyexit.mat.saved < 3 95%>>", "< 3"), ("<<expect earlyexit.mat.saved 95% < 3>>", "< 3"),
    ("<<value convergence.score expect=0.56+-0.02>>", "= 0.56 +-0.02"),
    ("<<value convergence.score expect=\">= 0.5\">>", ">= 0.5"),
  ])
  func bindsClaims(text: String, expected: String) {
    let (bound, faults) = TestSchemas.bind(text)
    #expect(faults.isEmpty)
    guard case .quantity(let quantity)? = bound else {
      Issue.record("not bound: \(faults)")
      return
    }
    #expect(quantity.claim?.description == expected)
  }

  @Test(arguments: [
    ("<<⟦value⟧>>", "'value' needs a quantity | for example <<value convergence.score>>"),
    (
      "<<value ⟦convergence⟧>>",
      "'convergence' is not one number: expected the way into its result | for example <<value convergence.score>>"
    ),
    (
      "<<value ⟦convergence..x⟧>>",
      "'convergence..x' is not a quantity: expected a directive and the way into its result | for example <<value convergence.score>>"
    ),
    ("<<value ⟦convergenc⟧.score>>", "unknown directive 'convergenc' | did you mean 'convergence'?"),
    (
      "<<value ⟦ref⟧.x>>",
      "unknown directive 'ref' | valid directives: heatmap, convergence, earlyexit, bypass, predictions"
    ),
    ("<<value convergence.score ⟦gtp2⟧>>", "unknown model 'gtp2' | did you mean 'gpt2'?"),
    (
      "<<value convergence.score ⟦caption⟧=\"x\">>",
      "unknown key 'caption' of 'convergence' | valid keys: position, badge, n, seed, dataset, tol"
    ),
    ("<<value convergence.score digits=⟦x⟧>>", "'digits' must be a whole number from 0 to 12, found 'x'"),
    (
      "<<value convergence.score expect=⟦high⟧>>",
      "expected a number and, if need be, a tolerance such as 0.56 +-0.02, found 'high'"
    ),
    (
      "<<value ⟦heatmap⟧.undefined[0]>>",
      "'heatmap r2' needs one of mean, max, std, dims, mat | for example <<heatmap r2 mean>>"
    ),
    (
      "<<⟦expect⟧ convergence.score>>",
      "'expect' needs a claim: one of = < <= > >= and a number | for example <<expect convergence.score > 0.5>>"
    ),
    ("<<expect convergence.score ⟦== 1⟧>>", "unknown comparison '=='; expected one of = < <= > >="),
    (
      "<<expect convergence.score ⟦>⟧ >>",
      "expected a number and, if need be, a tolerance such as 0.56 +-0.02, found ''"
    ),
    ("<<expect convergence.score ⟦> 1 +--2⟧>>", "tolerance must be a number from 0, found '-2'"),
  ])
  func reportsAtTheToken(marked: String, expected: String) {
    let text = MarkedText(marked)
    let (bound, faults) = TestSchemas.bind(text.file)
    #expect(bound == nil)
    #expect(faults.map(wording) == [expected])
    #expect(faults.map(\.span) == text.spans)
  }

  @Test func claimsHoldAsWritten() {
    func claim(_ relation: Claim.Relation, _ text: String, _ tolerance: Double? = nil) -> Claim {
      Claim(relation: relation, numberText: text, number: Double(text) ?? 0, tolerance: tolerance)
    }
    #expect(claim(.equal, "0.86").holds(0.8613))
    #expect(!claim(.equal, "0.86").holds(0.8551 - 0.001))
    #expect(!claim(.equal, "0.860").holds(0.8613))
    #expect(claim(.equal, "12").holds(12) && !claim(.equal, "12").holds(12.4))
    #expect(claim(.equal, "0.86", 0.01).holds(0.87) && !claim(.equal, "0.86", 0.01).holds(0.8701))
    #expect(claim(.greater, "0.5").holds(0.51) && !claim(.greater, "0.5").holds(0.5))
    #expect(claim(.atLeast, "0.5").holds(0.5) && claim(.atLeast, "0.5", 0.1).holds(0.41))
    #expect(claim(.less, "0.5").holds(0.4) && !claim(.atMost, "0.5").holds(0.51))
    #expect(!claim(.less, "0.5").holds(.nan) && !claim(.less, "0.5").holds(-.infinity))
    #expect(claim(.equal, "1e-3").holds(0.0014) && !claim(.equal, "1e-3").holds(0.0016))
  }
}
