using FaultTolerance.Results.Recovery;

namespace FaultTolerance.Tests.Results.Measures;

/// <summary>A measure that the product does not have: when the second failed request ended.</summary>
internal sealed class SecondFailure : RecoveryDefinition
{
    public override string Id => "second_failure";

    public override string Header => "Second\nFailure";

    public override string Legend => "end of the second request that failed";

    public override Measured Measure(RecoveryInput input) =>
        input
            .Requests.Where(request => !request.Ok && request.End >= input.Zero)
            .Skip(1)
            .Select(request => Measured.Of(request.End - input.Zero))
            .DefaultIfEmpty(Measured.NotNeeded)
            .First();
}
