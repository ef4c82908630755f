using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using FaultMatrix.Build.Model;
using NetArchTest.Rules;

namespace FaultMatrix.Build.Tests.Architecture;

/// <summary>Who may know whom among the folders of <c>build/</c>.</summary>
public class ArrowTests
{
    private const string Front = "FaultMatrix.Build";
    private static readonly string[] Rooms = ["Model", "CommandLine", "Hosting", "Reporting", "Commands"];

    [Theory]
    [InlineData("Model", "")]
    [InlineData("CommandLine", "Model")]
    [InlineData("Hosting", "Model")]
    [InlineData("Reporting", "Model")]
    [InlineData("Commands", "Model CommandLine Hosting Reporting")]
    public void Folder_knows_only_those_below_it(string room, string below)
    {
        var forbidden = Rooms.Except(below.Split(' ').Append(room)).Select(r => $"{Front}.{r}").ToArray();
        Assert.Equal(Rooms.Length, forbidden.Length + below.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length + 1);
        var types = Types.InAssembly(typeof(Declarations).Assembly).That().ResideInNamespaceStartingWith($"{Front}.{room}");
        Assert.NotEmpty(types.GetTypes());
        var result = types.ShouldNot().HaveDependencyOnAny(forbidden).GetResult();
        Assert.True(result.IsSuccessful, string.Join(", ", result.FailingTypeNames ?? []));
    }

    [Theory]
    [InlineData("Hosting", true)]
    [InlineData("Model", false)]
    [InlineData("CommandLine", false)]
    [InlineData("Reporting", false)]
    public void Engine_is_known_to_its_host_alone(string room, bool expected)
    {
        var types = Types.InAssembly(typeof(Declarations).Assembly).That().ResideInNamespaceStartingWith($"{Front}.{room}");
        Assert.Equal(expected, types.And().HaveDependencyOn("Microsoft.Build").GetTypes().Any());
    }

    // By metadata: types that need the engine cannot be loaded without it.
    [Fact]
    public void Every_folder_is_one_of_these()
    {
        using var program = new PEReader(File.OpenRead(typeof(Declarations).Assembly.Location));
        var metadata = program.GetMetadataReader();
        var rooms = metadata.TypeDefinitions.Select(t => metadata.GetString(metadata.GetTypeDefinition(t).Namespace))
            .Where(n => n.StartsWith(Front + ".", StringComparison.Ordinal)).Select(n => n.Split('.')[2]).Distinct(StringComparer.Ordinal);
        Assert.Equal(Rooms.Order(StringComparer.Ordinal), rooms.Order(StringComparer.Ordinal));
    }
}
