using System.Reflection;
using FaultTolerance.Artefacts;
using NetArchTest.Rules;

namespace FaultTolerance.Tests.Architecture;

/// <summary>The rooms of FaultTolerance.Tasks and the arrows between them, as ARCHITECTURE.md draws them.</summary>
public sealed class RoomTests
{
    private const string Prefix = "FaultTolerance.";

    /// <summary>A room, and the rooms that it may know. A room stands below all that know it, so the list has no circle.</summary>
    private static readonly (string Room, string[] Knows)[] Rooms =
    [
        ("Runs", []),
        ("Artefacts", ["Runs"]),
        ("Scenarios", ["Artefacts", "Runs"]),
        ("Cluster", ["Artefacts", "Runs"]),
        ("Load", ["Scenarios", "Artefacts", "Runs"]),
        ("Graphs", ["Cluster", "Load", "Scenarios", "Artefacts", "Runs"]),
        ("Deployments", ["Graphs", "Cluster", "Load", "Scenarios", "Artefacts", "Runs"]),
        ("LoadJobs", ["Graphs", "Cluster", "Load", "Scenarios", "Artefacts", "Runs"]),
        ("Collection", ["Graphs", "Cluster", "Load", "Artefacts", "Runs"]),
        ("Faults", ["Graphs", "Cluster", "Scenarios", "Artefacts", "Runs"]),
        ("Results", ["Scenarios", "Artefacts", "Runs"]),
        ("Reports", ["Results", "Faults", "Scenarios", "Artefacts", "Runs"]),
        ("LocalClusters", []),
        ("Planning", ["Faults", "Graphs", "Cluster", "Scenarios", "Artefacts", "Runs"]),
        ("Reference", ["Planning", "Reports", "Results", "Faults", "Deployments", "Graphs", "Cluster", "Scenarios", "Artefacts", "Runs"]),
        (
            "Tasks",
            [
                "Reference",
                "Planning",
                "LocalClusters",
                "Reports",
                "Results",
                "Faults",
                "Collection",
                "LoadJobs",
                "Deployments",
                "Graphs",
                "Load",
                "Cluster",
                "Scenarios",
                "Artefacts",
                "Runs",
            ]
        ),
    ];

    private static Assembly Domain => typeof(Outcome).Assembly;

    public static TheoryData<string> Names => [.. Rooms.Select(room => room.Room)];

    [Fact]
    public void Rooms_are_all_there_are()
    {
        var there = Domain.GetTypes().Where(type => type.Namespace?.StartsWith(Prefix, StringComparison.Ordinal) == true)
            .Select(type => type.Namespace![Prefix.Length..].Split('.')[0]).Distinct();

        Assert.Empty(there.Except(Rooms.Select(room => room.Room)));
    }

    [Fact]
    public void Rooms_know_only_rooms_below_them()
    {
        var below = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (room, knows) in Rooms)
        {
            Assert.Empty(knows.Except(below));
            below.Add(room);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Room_knows_no_other_room(string name)
    {
        var forbidden = Rooms.Select(room => room.Room).Except([name, .. Rooms.Single(room => room.Room == name).Knows]);

        Holds(InRoom(name).ShouldNot().HaveDependencyOnAny([.. forbidden.Select(room => $"{Prefix}{room}")]));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Room_but_Tasks_knows_no_build_engine(string name)
    {
        if (name != "Tasks")
        {
            Holds(InRoom(name).ShouldNot().HaveDependencyOnAny("Microsoft.Build"));
        }
    }

    [Theory]
    [InlineData("System.Net")]
    [InlineData("System.TimeProvider")]
    [InlineData("System.Diagnostics.Stopwatch")]
    [InlineData("k8s")]
    public void Results_know_neither_clock_nor_network(string what) =>
        Holds(InRoom("Results").ShouldNot().HaveDependencyOnAny(what));

    private static PredicateList InRoom(string name) =>
        Types.InAssembly(Domain).That().ResideInNamespaceMatching($"^FaultTolerance\\.{name}(\\.|$)");

    private static void Holds(ConditionList rule)
    {
        var result = rule.GetResult();
        Assert.True(result.IsSuccessful, string.Join("\n", result.FailingTypeNames ?? []));
    }
}
