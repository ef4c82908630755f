using System;
using System.Collections.Generic;
using System.Linq;
using System.Linq.Expressions;
using System.Reflection;

namespace Nuke.Common
{
    /// <summary>Defines a target.</summary>
    public delegate ITargetDefinition Target(ITargetDefinition definition);

    /// <summary>Marks a parameter.</summary>
    [AttributeUsage(AttributeTargets.Field)]
    public sealed class ParameterAttribute(string description) : Attribute
    {
        public string Description => description;
    }

    public interface ITargetDefinition
    {
        ITargetDefinition Description(string description);

        ITargetDefinition After(params Target[] targets);

        ITargetDefinition AssuredAfterFailure();

        ITargetDefinition Executes(params Action[] actions);
    }

    /// <summary>A target, as a build defines it.</summary>
    public sealed class ExecutableTarget(string name) : ITargetDefinition
    {
        public string Name => name;

        public List<string> Before { get; } = [];

        public bool Assured { get; private set; }

        public Action[] Actions { get; private set; } = [];

        public ITargetDefinition Description(string description) => this;

        public ITargetDefinition After(params Target[] targets)
        {
            Before.AddRange(targets.Select(NukeBuild.NameOf));
            return this;
        }

        public ITargetDefinition AssuredAfterFailure()
        {
            Assured = true;
            return this;
        }

        public ITargetDefinition Executes(params Action[] actions)
        {
            Actions = actions;
            return this;
        }
    }

    /// <summary>Runs targets as NUKE does: what no rule orders comes last declared first; after a failure only what is assured.</summary>
    public abstract class NukeBuild
    {
        private readonly List<ExecutableTarget> finished = [];
        private List<ExecutableTarget> scheduled = [];

        public IReadOnlyCollection<ExecutableTarget> ScheduledTargets => scheduled;

        public IReadOnlyCollection<ExecutableTarget> FinishedTargets => finished;

        public bool Play(params string[] names)
        {
            var all = GetType().GetProperties(BindingFlags.Instance | BindingFlags.NonPublic).Where(p => p.PropertyType == typeof(Target))
                .Select(p => (ExecutableTarget)((Target)p.GetValue(this))(new ExecutableTarget(p.Name))).ToList();
            var open = all.Where(t => names.Contains(t.Name)).Reverse().ToList();
            while (open.Count > 0)
            {
                var next = open.First(t => !t.Before.Exists(b => open.Exists(o => o.Name == b)));
                open.Remove(next);
                scheduled.Add(next);
            }

            var failed = false;
            while (scheduled.Count > 0)
            {
                var target = scheduled[0];
                scheduled = scheduled[1..];
                if (failed && !target.Assured)
                {
                    continue;
                }

                try
                {
                    Array.ForEach(target.Actions, a => a());
                    finished.Add(target);
                }
                catch (InvalidOperationException)
                {
                    failed = true;
                }
            }

            return !failed;
        }

        // A target is a property whose body is a lambda: the compiler names the lambda's method after it.
        internal static string NameOf(Target target) => target.Method.Name.Split('<', '>')[1]["get_".Length..];

        /// <summary>The root that the environment named when a build was begun.</summary>
        public static string Root { get; private set; }

        protected static int Execute<T>(Expression<Func<T, Target>> standard)
        {
            Root = Environment.GetEnvironmentVariable("NUKE_ROOT");
            return 0;
        }
    }
}

namespace Nuke.Common.Tooling
{
    public sealed class StartedProcess(bool fails)
    {
        public void AssertZeroExitCode()
        {
            if (fails)
            {
                throw new InvalidOperationException("exit code 1");
            }
        }
    }

    /// <summary>Keeps what would be started.</summary>
    public static class ProcessTasks
    {
        [ThreadStatic]
        private static List<string> started;

        public static List<string> Started => started ??= [];

        /// <summary>Calls that hold this fail.</summary>
        [ThreadStatic]
        public static string Fails;

        public static StartedProcess StartProcess(string toolPath, string arguments, string workingDirectory)
        {
            Started.Add(arguments);
            return new StartedProcess(Fails is not null && arguments.Contains(Fails, StringComparison.Ordinal));
        }
    }
}
