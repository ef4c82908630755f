using FaultTolerance.Results.Checks;
using FaultTolerance.Reports;
using FaultTolerance.Scenarios;
using FaultTolerance.Tests.Scenarios;

namespace FaultTolerance.Tests.Results.Checks;

public sealed class DefaultBarsTests
{
    [Theory]
    [InlineData("published", "agg-tp-1-dp-1-none", "successAfterAtLeast 1; generatorHealthy")]
    [InlineData("published", "agg-tp-1-dp-2-decode_worker", "successAfterAtLeast 0.9; recoveryAtMost first_success 60; generatorHealthy")]
    [InlineData("published", "agg-tp-1-dp-1-decode_worker", "successAfterAtLeast 0.1; recoveryAtMost first_success 180; generatorHealthy")]
    [InlineData("quick", "agg-tp-1-dp-1-decode_worker", "successAfterAtLeast 0.1; recoveryAtMost first_success 18; generatorHealthy")]
    public void Of_is_the_reference_suites_bar_scaled_with_the_profile(string profile, string name, string expected)
    {
        var checks = ScenarioFile
            .Load(RepositoryFiles.Scenarios, RepositoryFiles.NoManifests with { Profile = profile })
            .Select([name])[0]
            .Checks;

        Assert.Equal(
            expected,
            string.Join(
                "; ",
                checks.Select(check =>
                    string.Join(
                        ' ',
                        new[] { check.Kind, check.Subject, $"{check.AtLeast ?? check.AtMost}" }.Where(part => part is { Length: > 0 })
                    )
                )
            )
        );
        Assert.All(checks, check => Assert.True(check.IsDefault));
    }

    [Fact]
    public void Judge_fails_a_row_in_which_nearly_all_requests_after_the_fault_failed()
    {
        using var folder = new ArtefactFolder();
        SyntheticRun.Scenario(folder, "agg-tp-1-dp-1-frontend", back: 29);
        CheckFile.Write(
            folder.Path,
            [ScenarioFile.Load(RepositoryFiles.Scenarios, RepositoryFiles.NoManifests).Select(["agg-tp-1-dp-1-frontend"])[0]]
        );

        var run = RunJudge.Judge(folder.Parse());

        Assert.Equal(CheckOutcome.Fail, run.Verdict.Overall);
        Assert.EndsWith("All rows have the default bars.", VerdictText.Headline(run), StringComparison.Ordinal);
    }

    [Fact]
    public void Headline_says_how_many_rows_have_bars_of_the_users_own()
    {
        var own = new CheckResult("k", "asked", CheckOutcome.Pass, "ok");
        var run = SyntheticRun.Parse() with
        {
            Verdict = new RunVerdict(RunVerdict.None.Rows.Add("a", [own]).Add("b", [own with { IsDefault = true }])),
        };

        Assert.EndsWith("1 of 2 rows have bars of the user’s own.", VerdictText.Headline(run), StringComparison.Ordinal);
    }
}
