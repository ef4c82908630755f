using System.Runtime.InteropServices;
using FaultMatrix.Build.Commands.Packing;

namespace FaultMatrix.Build.Tests.Commands.Packing;

public sealed class NeededAssembliesTests
{
    private static readonly string[] Runtime = Directory.GetFiles(RuntimeEnvironment.GetRuntimeDirectory());

    [Fact]
    public void Of_a_program_has_what_it_names_and_what_that_names()
    {
        var needed = Names([typeof(NeededAssemblies).Assembly.Location]);

        Assert.Contains("System.Reflection.Metadata.dll", needed);
        Assert.Contains("System.Private.CoreLib.dll", needed);
        Assert.DoesNotContain("Microsoft.VisualBasic.Core.dll", needed);
    }

    [Fact]
    public void Of_nothing_has_what_is_small_and_what_is_no_assembly()
    {
        var needed = Names([]);

        Assert.Contains("Microsoft.NETCore.App.deps.json", needed);
        Assert.Contains("System.dll", needed);
        Assert.DoesNotContain("System.Linq.dll", needed);
    }

    private static IEnumerable<string?> Names(IEnumerable<string> programs) =>
        NeededAssemblies.Of(programs, Runtime).Select(Path.GetFileName);
}
