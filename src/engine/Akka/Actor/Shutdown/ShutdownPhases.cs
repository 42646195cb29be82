using Akka.Configuration;

namespace Akka.Actor;

/// <summary>
/// The phases of a coordinated shutdown, in an order in which each comes after those that it depends on.
/// </summary>
sealed class ShutdownPhases
{
    readonly Dictionary<string, Phase> _phases;

    ShutdownPhases(Dictionary<string, Phase> phases)
    {
        _phases = phases;
        Ordered = Sort(phases);
    }

    public IReadOnlyList<string> Ordered { get; }

    public static ShutdownPhases FromConfig(Config config)
    {
        var fallback = config.GetTimeSpan("default-phase-timeout", TimeSpan.FromSeconds(5), allowInfinite: false);
        var phases = new Dictionary<string, Phase>();
        var section = config.GetConfig("phases");
        if (!section.IsNullOrEmpty())
        {
            foreach (var (name, _) in section.AsEnumerable())
            {
                var phase = section.GetConfig("\"" + name + "\"") ?? Config.Empty;
                phases[name] = new Phase([.. phase.GetStringList("depends-on", [])],
                    phase.GetTimeSpan("timeout", fallback, allowInfinite: false),
                    phase.GetBoolean("recover", true), phase.GetBoolean("enabled", true));
            }
        }

        return new ShutdownPhases(phases);
    }

    public Phase? Find(string name) => _phases.GetValueOrDefault(name);

    static List<string> Sort(Dictionary<string, Phase> phases)
    {
        var ordered = new List<string>();
        var done = new HashSet<string>();
        var visiting = new HashSet<string>();
        // By name at the same depth, so that the order does not hang on that of the file.
        foreach (var name in phases.Keys.Order(StringComparer.Ordinal))
            Visit(name);
        return ordered;

        void Visit(string name)
        {
            if (done.Contains(name))
                return;
            if (!visiting.Add(name))
                throw new ConfigurationException($"Cycle detected in graph of phases: [{name}] depends on itself.");
            if (phases.TryGetValue(name, out var phase))
                foreach (var before in phase.DependsOn)
                    Visit(before);
            visiting.Remove(name);
            done.Add(name);
            ordered.Add(name);
        }
    }

    public sealed record Phase(IReadOnlyList<string> DependsOn, TimeSpan Timeout, bool Recover, bool Enabled);
}
