using System.Text.RegularExpressions;
using k8s;
using k8s.Models;

namespace FaultTolerance.Collection;

/// <summary>Takes out of a pod what looks like a secret, before it is written to an artefact.</summary>
public static partial class SecretMask
{
    /// <summary>What stands in a secret's place.</summary>
    public const string Mask = "***";

    private const string LastApplied = "kubectl.kubernetes.io/last-applied-configuration";

    /// <summary>
    /// A copy in which literal values of variables with telling names, and arguments after options with such names, are masked. The
    /// annotation that repeats the whole manifest goes. References to secrets stay: they say nothing.
    /// </summary>
    public static V1Pod Apply(V1Pod pod)
    {
        var copy = KubernetesJson.Deserialize<V1Pod>(KubernetesJson.Serialize(pod));
        copy.Metadata?.Annotations?.Remove(LastApplied);
        foreach (var container in (copy.Spec?.InitContainers ?? []).Concat(copy.Spec?.Containers ?? []))
        {
            foreach (var variable in container.Env ?? [])
            {
                if (!string.IsNullOrEmpty(variable.Value) && Telling().IsMatch(variable.Name))
                {
                    variable.Value = Mask;
                }
            }

            MaskArguments(container.Command);
            MaskArguments(container.Args);
        }

        return copy;
    }

    private static void MaskArguments(IList<string>? words)
    {
        for (var i = 0; i < words?.Count; i++)
        {
            var isOption = i > 0 && words[i - 1].StartsWith('-') && !words[i - 1].Contains('=', StringComparison.Ordinal) && !words[i - 1].Contains(' ', StringComparison.Ordinal);
            words[i] = isOption && !words[i].StartsWith('-') && Telling().IsMatch(words[i - 1]) ? Mask : Option().Replace(words[i], "${option}" + Mask);
        }
    }

    // TOKEN at the end only: DYN_MAX_TOKENS and the like are no secrets.
    [GeneratedRegex(@"(token|secret|passw(or)?d|api[_-]?key|access[_-]?key|private[_-]?key|credentials?)$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Telling();

    [GeneratedRegex(@"(?<option>--?[A-Za-z0-9_-]*(token|secret|passw(or)?d|api[_-]?key|access[_-]?key|private[_-]?key|credentials?)[= ])\S+", RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Option();
}
