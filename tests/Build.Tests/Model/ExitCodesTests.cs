using FaultMatrix.Build.Model;

namespace FaultMatrix.Build.Tests.Model;

/// <summary>The exit code of each error that a graph of today can end with.</summary>
public class ExitCodesTests
{
    [Theory]
    // A manifest or scenarios file that cannot be: another graph is meant, cluster-wide kinds, an unknown service, fixed counts, another
    // engine's process, no gateway, a name too long.
    [InlineData("FT0214", 2)]
    [InlineData("FT0230", 2)]
    [InlineData("FT0220", 2)]
    [InlineData("FT0231", 2)]
    [InlineData("FT0232", 2)]
    [InlineData("FT0233", 2)]
    [InlineData("FT0205", 2)]
    // What the cluster lacks: a right, a kind, somebody who makes the pods of several nodes.
    [InlineData("FT0311", 3)]
    [InlineData("FT0323", 3)]
    [InlineData("FT0324", 3)]
    // A row that could not be measured: the graph goes on saying that it failed, two containers have the process.
    [InlineData("FT0403", 1)]
    [InlineData("FT0619", 1)]
    [InlineData(null, 1)]
    public void Of_gives_the_exit_code_by_the_codes_group(string? code, int expected) => Assert.Equal(expected, ExitCodes.Of(code));
}
