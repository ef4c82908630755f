using System.Globalization;
using System.Reflection;
using Xunit.v3;

namespace EndToEnd;

/// <summary>
/// How long tests may still begin: until FAULTMATRIX_TESTS_UNTIL, in seconds since 1970, where that is set. A CI with a hard limit sets it,
/// so that on a slow machine it ends in time and says by name what was left out.
/// </summary>
internal static class TestTime
{
    private const string Variable = "FAULTMATRIX_TESTS_UNTIL";

    /// <summary>Whether it is over: fixtures begin nothing then.</summary>
    public static bool IsOver =>
        long.TryParse(Environment.GetEnvironmentVariable(Variable), NumberStyles.None, CultureInfo.InvariantCulture, out var until)
        && TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() >= until;
}

/// <summary>Skips, by name, the tests that would begin after that.</summary>
[AttributeUsage(AttributeTargets.Assembly)]
internal sealed class WhileThereIsTimeAttribute : BeforeAfterTestAttribute
{
    /// <inheritdoc/>
    public override void Before(MethodInfo methodUnderTest, IXunitTest test) =>
        Assert.SkipWhen(TestTime.IsOver, "no time was left for it: FAULTMATRIX_TESTS_UNTIL has come");
}
