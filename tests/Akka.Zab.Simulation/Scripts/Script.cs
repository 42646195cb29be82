namespace Akka.Zab.Simulation.Scripts;

/// <summary>
/// A script: prose, steps, and after each step the trace that is expected of it. Lines that begin with <c>#</c> are
/// prose, those that begin with <c>></c> are steps; what follows a step up to the next empty line is its trace.
/// </summary>
internal sealed class Script
{
    private readonly List<Part> parts = [];

    private abstract record Part;

    private sealed record Prose(string Line) : Part;

    private sealed record Step(int Number, string Command, List<string> Expected) : Part;

    public static Script Parse(string text)
    {
        var script = new Script();
        var lines = text.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n');
        Step? step = null;
        for (var i = 0; i < lines.Length; i++)
        {
            var line = lines[i].TrimEnd();
            if (line.StartsWith('>'))
                script.parts.Add(step = new Step(i + 1, line[1..].Trim(), []));
            else if (line.Length > 0 && step is not null)
                step.Expected.Add(line);
            else if (line.Length == 0 || line.StartsWith('#'))
                script.parts.Add(new Prose(line));
            else
                throw new FormatException($"line {i + 1} belongs to no step: {line}");
            if (line.Length == 0)
                step = null;
        }

        return script;
    }

    /// <summary>Takes every step. Returns the script as it would read if what happened had been expected.</summary>
    /// <param name="take">Takes a step and returns its trace.</param>
    public string Run(Func<string, IEnumerable<string>> take)
    {
        var lines = new List<string>();
        foreach (var part in parts)
        {
            if (part is Prose prose)
            {
                lines.Add(prose.Line);
                continue;
            }

            var step = (Step)part;
            lines.Add($"> {step.Command}");
            try
            {
                lines.AddRange(take(step.Command));
            }
            catch (Exception failure) when (failure is FormatException or InvalidOperationException)
            {
                throw new FormatException($"line {step.Number}, '{step.Command}': {failure.Message}", failure);
            }
        }

        return string.Join('\n', lines) + "\n";
    }
}
