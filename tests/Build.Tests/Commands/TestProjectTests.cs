using FaultMatrix.Build.Commands;
using FaultMatrix.Build.Tests.Support;

namespace FaultMatrix.Build.Tests.Commands;

/// <summary>How a test program is started.</summary>
public sealed class TestProjectTests
{
    private static readonly string[] Quiet = ["--no-ansi"];

    [Fact]
    public void Command_of_a_project_that_runs_under_a_program_puts_that_first()
    {
        var project = new TestProject("Some", true, true, "SOME_COMMAND");

        var (program, arguments) = project.Command("bin/Some", Quiet, n => n == "SOME_COMMAND" ? "start it" : null);

        Assert.Equal("start it", program);
        Assert.Equal(["--", "bin/Some", "--no-ansi"], arguments);
    }

    [Theory]
    [InlineData("", "start it")]
    [InlineData("SOME_COMMAND", null)]
    [InlineData("SOME_COMMAND", "")]
    public void Command_is_the_test_program_where_nothing_is_to_run_it(string runsUnder, string? variable)
    {
        var (program, arguments) = new TestProject("Some", true, true, runsUnder).Command("bin/Some", Quiet, _ => variable);

        Assert.Equal("bin/Some", program);
        Assert.Equal(Quiet, arguments);
    }

    [Fact]
    public void Read_of_the_real_cluster_s_project_knows_what_it_runs_under() =>
        Assert.Equal("FAULTMATRIX_CLUSTER_COMMAND", TestProject.Read(Path.Combine(Repository.Root, "tests", "RealCluster",
            "RealCluster.csproj"))!.RunsUnder);
}
