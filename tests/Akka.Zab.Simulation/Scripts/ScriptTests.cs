using Xunit.Abstractions;

namespace Akka.Zab.Simulation.Scripts;

/// <summary>
/// The scripts in this folder: the rules of the protocol, to be read in their order. With
/// <c>REWRITE_SCRIPTS=folder</c> in the environment, what happened is written there as what is expected.
/// </summary>
public class ScriptTests(ITestOutputHelper output)
{
    private const string Ending = ".txt";

    public static TheoryData<string> Names => [.. typeof(ScriptTests).Assembly.GetManifestResourceNames()
        .Where(name => name.EndsWith(Ending, StringComparison.Ordinal)).Select(name => name[..^Ending.Length]).Order()];

    [Theory]
    [MemberData(nameof(Names))]
    public void What_happens_is_what_the_script_expects(string script)
    {
        using var runner = new ScriptRunner();
        var expected = Read(script + Ending);
        var actual = Script.Parse(expected).Run(runner.Take);
        if (Environment.GetEnvironmentVariable("REWRITE_SCRIPTS") is { Length: > 0 } folder)
        {
            File.WriteAllText(Path.Combine(folder, script + Ending), actual);
            return;
        }

        if (actual != expected)
            output.WriteLine(actual);
        Assert.Equal(expected, actual);
    }

    [Theory]
    [InlineData("start 1", "line 1, 'start 1': the first step says how many servers there are")]
    [InlineData("servers three", "line 1, 'servers three': 'three' is no number")]
    public void A_step_that_makes_no_sense_is_named(string step, string message)
    {
        using var runner = new ScriptRunner();

        var failure = Assert.Throws<FormatException>(() => Script.Parse($"> {step}\n").Run(runner.Take));

        Assert.Equal(message, failure.Message);
    }

    [Fact]
    public void Another_trace_than_the_expected_one_is_noticed()
    {
        const string Text = "# Prose.\n\n> servers 1\n\n> start 1\n1 starts\n  1 is elected by magic\n";
        using var runner = new ScriptRunner();

        var actual = Script.Parse(Text).Run(runner.Take);

        Assert.NotEqual(Text, actual);
        Assert.StartsWith("# Prose.\n\n> servers 1\n\n> start 1\n1 starts\n", actual, StringComparison.Ordinal);
    }

    private static string Read(string name)
    {
        using var reader = new StreamReader(typeof(ScriptTests).Assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
