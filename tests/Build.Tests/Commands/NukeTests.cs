extern alias stub;

using System.Reflection;
using FaultMatrix.Build.Commands;
using FaultMatrix.Build.Tests.Support;
using stub::Nuke.Common;
using stub::Nuke.Common.Tooling;
using NukeBuild = stub::Build;

namespace FaultMatrix.Build.Tests.Commands;

/// <summary><c>build/nuke</c>, over a stand-in that orders and fails as NUKE does.</summary>
public sealed class NukeTests
{
    public NukeTests()
    {
        ProcessTasks.Started.Clear();
        ProcessTasks.Fails = null;
    }

    [Fact]
    public void Members_are_current() =>
        Assert.Equal(NukeText.Of(Sut.Declarations), File.ReadAllText(Path.Combine(Repository.Root, NukeText.RelativePath)));

    [Fact]
    public void Parameters_and_targets_are_those_of_the_engine()
    {
        var members = typeof(NukeBuild).GetMembers(BindingFlags.Instance | BindingFlags.NonPublic);
        Assert.Equal(
            Sut.Declarations.Parameters.Where(p => p.Name is not ("ClusterName" or "LocalImage" or "Port")).Select(p => p.Name),
            members.Where(m => m.GetCustomAttribute<ParameterAttribute>() is not null).Select(m => m.Name).Order(StringComparer.Ordinal));
        Assert.Equal(
            Sut.Declarations.Targets.Where(t => t.InEngine).Select(t => t.Name),
            members.OfType<PropertyInfo>().Where(p => p.PropertyType == typeof(Target)).Select(p => p.Name));
    }

    [Fact]
    public void Every_parameter_that_is_given_is_passed_on()
    {
        var build = new NukeBuild();
        var expected = new List<string>();
        foreach (var field in Fields().Where(f => f.Name != "List"))
        {
            var value = field.FieldType == typeof(string[]) ? "a,b c;d" : field.FieldType == typeof(bool) ? "true"
                : field.FieldType == typeof(int?) ? "7" : "/x'y %20";
            field.SetValue(build, field.FieldType == typeof(string[]) ? new[] { "a,b c", "d" } : field.FieldType == typeof(bool) ? true
                : field.FieldType == typeof(int?) ? 7 : value);
            expected.Add($"{field.Name}={value}");
        }

        Assert.True(build.Play("FaultMatrix"));
        var words = Assert.Single(ProcessTasks.Started).Split(" -p:");
        Assert.EndsWith("matrix.proj\" -nologo -t:FaultMatrix -m:7 -nodeReuse:false", words[0], StringComparison.Ordinal);
        Assert.Equal(expected.Order(StringComparer.Ordinal), words[1..].Select(Uri.UnescapeDataString).Order(StringComparer.Ordinal));
        // MSBuild parts values at these, and a shell's rules for quotes and blanks apply to the rest.
        Assert.DoesNotMatch(@"[;,'"" ]", string.Concat(words[1..]));
    }

    [Fact]
    public void Nothing_given_leaves_every_default_to_the_targets()
    {
        Assert.True(new NukeBuild().Play("Teardown"));
        Assert.DoesNotContain("-p:", Assert.Single(ProcessTasks.Started), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Deploy Collect Teardown", "Deploy Collect Teardown")]
    [InlineData("Teardown Deploy Report Parse Collect", "Deploy Collect Teardown Parse Report")]
    [InlineData("Deploy Inject Load Collect", "Deploy FaultMatrix Collect")]
    [InlineData("Inject", "Inject")]
    [InlineData("Load", "Load")]
    [InlineData("UninstallStandIn FaultMatrix InstallStandIn", "FaultMatrix InstallStandIn UninstallStandIn")]
    public void Play_targets_run_in_the_order_of_the_phases(string named, string expected)
    {
        Assert.True(new NukeBuild().Play(named.Split(' ')));
        Assert.Equal(expected.Split(' '), Targets());
    }

    [Fact]
    public void Play_load_and_fault_are_one_call_and_all_calls_are_of_one_run()
    {
        Assert.True(new NukeBuild().Play("Deploy", "Load", "Inject", "Teardown"));
        Assert.Contains("-p:_FtSkip=%3BDeploy%3BCollect%3BTeardown%3BParse%3B", ProcessTasks.Started[1], StringComparison.Ordinal);
        Assert.Matches(
            @"^\d{8}-\d{6}-[0-9a-f]{4}$",
            Assert.Single(ProcessTasks.Started.Select(s => s.Split("-p:Run=")[1].Split(' ')[0]).Distinct(StringComparer.Ordinal))
        );
    }

    [Theory]
    [InlineData("-t:Deploy", "Deploy Collect Teardown Parse")]
    [InlineData("-t:Collect", "Deploy FaultMatrix Collect Teardown Parse")]
    public void Play_phase_that_fails_still_collects_tears_down_and_parses(string fails, string expected)
    {
        ProcessTasks.Fails = fails;
        Assert.False(new NukeBuild().Play("Parse", "Teardown", "Collect", "Inject", "Load", "Deploy"));
        Assert.Equal(expected.Split(' '), Targets());
    }

    [Fact]
    public void Play_list_runs_nothing()
    {
        var build = new NukeBuild();
        Fields().Single(f => f.Name == "List").SetValue(build, true);
        Assert.True(build.Play("Deploy", "Teardown"));
        Assert.Equal(["Plan"], Targets());
    }

    [Fact]
    public async Task Script_starts_the_project_beside_it_from_any_folder()
    {
        using var root = new ScriptRoot();
        var tools = Directory.CreateDirectory(Path.Combine(root.Folder, "fake")).FullName;
        var dotnet = Path.Combine(tools, "dotnet");
        await File.WriteAllTextAsync(dotnet, "#!/bin/sh\nprintf '<%s>\\n' \"$@\"\n", TestContext.Current.CancellationToken);
        File.SetUnixFileMode(dotnet, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        root["PATH"] = $"{tools}:{Path.Combine(root.Folder, "tools")}";
        var nuke = Path.Combine(Repository.Root, "build", "nuke");

        var (exitCode, output) = await root.ShellAsync($"exec '{nuke}/build.sh' Deploy --scenario 'a b'");

        Assert.Equal(
            (0, $"<run>\n<--project>\n<{nuke}/_build.csproj>\n<-->\n<Deploy>\n<--scenario>\n<a b>\n"), (exitCode, output));
        Assert.True((await File.ReadAllLinesAsync(Path.Combine(nuke, "build.sh"), TestContext.Current.CancellationToken)).Length <= 4);
    }

    // NUKE writes its schema below the root, and the checkout's is another.
    [Fact]
    public void Main_has_its_own_folder_as_root_unless_another_is_named()
    {
        const string Variable = "NUKE_ROOT";
        var before = Environment.GetEnvironmentVariable(Variable);
        try
        {
            Environment.SetEnvironmentVariable(Variable, null);
            Assert.Equal(0, NukeBuild.Main());
            var own = typeof(NukeBuild).GetField("Folder", BindingFlags.Static | BindingFlags.NonPublic)!.GetValue(null);
            Assert.Equal(own, stub::Nuke.Common.NukeBuild.Root);

            Environment.SetEnvironmentVariable(Variable, "/elsewhere");
            Assert.Equal(0, NukeBuild.Main());
            Assert.Equal("/elsewhere", stub::Nuke.Common.NukeBuild.Root);
        }
        finally
        {
            Environment.SetEnvironmentVariable(Variable, before);
        }
    }

    private static IEnumerable<FieldInfo> Fields() =>
        typeof(NukeBuild)
            .GetFields(BindingFlags.Instance | BindingFlags.NonPublic)
            .Where(f => f.GetCustomAttribute<ParameterAttribute>() is not null);

    private static IEnumerable<string> Targets() => ProcessTasks.Started.Select(s => s.Split(" -t:")[1].Split(' ')[0]);
}
