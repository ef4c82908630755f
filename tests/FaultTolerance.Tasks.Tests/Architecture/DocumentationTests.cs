using System.Reflection;
using System.Runtime.CompilerServices;
using System.Xml.Linq;
using FaultTolerance.Artefacts;

namespace FaultTolerance.Tests.Architecture;

/// <summary>
/// Each type of the domain, and each member that it shows to others, has a doc comment. The compiler asks for that of public types only,
/// and here nearly all are internal.
/// </summary>
public sealed class DocumentationTests
{
    private const BindingFlags Shown = BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static Assembly Domain => typeof(Outcome).Assembly;

    [Fact]
    public void Types_have_a_doc_comment() => Assert.Empty(Types().Select(type => $"T:{NameOf(type)}").Except(Documented()));

    [Fact]
    public void Members_that_others_see_have_a_doc_comment()
    {
        var without = Types().SelectMany(MembersOf).Distinct().Except(Documented()).ToList();

        Assert.True(without.Count == 0, string.Join('\n', without));
    }

    // Without parameters: overloads share their name's comment.
    private static HashSet<string> Documented()
    {
        var file = Path.ChangeExtension(Domain.Location, ".xml");
        Assert.SkipUnless(File.Exists(file), "this build made no file of doc comments (GenerateDocumentationFile)");
        return [.. XDocument.Load(file).Descendants("member").Select(member => member.Attribute("name")!.Value.Split('(')[0].Split("``")[0])];
    }

    private static IEnumerable<Type> Types() => Domain.GetTypes().Where(type =>
        type.Namespace?.StartsWith("FaultTolerance", StringComparison.Ordinal) == true
        && !type.IsNestedPrivate && !Generated(type) && !type.Name.Contains('<', StringComparison.Ordinal) && !Generated(type.DeclaringType));

    private static IEnumerable<string> MembersOf(Type type)
    {
        if (typeof(Delegate).IsAssignableFrom(type))
        {
            return [];
        }

        var name = NameOf(type);
        var inherited = type.IsInterface ? [] : type.GetInterfaces().SelectMany(i => type.GetInterfaceMap(i).TargetMethods).ToHashSet();
        var own = type.GetMethods(Shown).Where(m => !m.IsSpecialName && !Generated(m) && m.GetBaseDefinition() == m && !inherited.Contains(m));
        var properties = type.GetProperties(Shown).Where(p => p.GetMethod is { } get && get.GetBaseDefinition() == get && !inherited.Contains(get));
        var fields = type.GetFields(Shown).Where(f => !f.IsSpecialName);
        return
        [
            .. own.Select(m => $"M:{name}.{m.Name}"),
            .. properties.Where(p => p.GetIndexParameters().Length == 0).Select(p => $"P:{name}.{p.Name}"),
            .. fields.Select(f => $"F:{name}.{f.Name}"),
        ];
    }

    private static bool Generated(MemberInfo? member) => member?.IsDefined(typeof(CompilerGeneratedAttribute)) == true;

    private static string NameOf(Type type) => type.FullName!.Replace('+', '.');
}
