using System.CommandLine;
using System.CommandLine.Help;
using Akka.Zab.Server;
using Akka.Zab.Server.Commands;
using Spectre.Console;

if (Console.IsOutputRedirected)
{
    // No terminal says how wide it is, and nobody wants its colours in a file.
    AnsiConsole.Profile.Width = 200;
    AnsiConsole.Profile.Capabilities.Ansi = false;
    AnsiConsole.Profile.Capabilities.ColorSystem = ColorSystem.NoColors;
}

var root = new RootCommand("Akka.Zab: a coordination service that speaks ZooKeeper's protocol.")
{
    ServerCommand.Create(),
    DevCommand.Create(),
    StatusCommand.Create(),
    MembersCommand.Create(),
    LeadCommand.Create(),
};

var parsed = root.Parse(args);
if (parsed.Errors.Count > 0 && parsed.Action is not HelpAction)
{
    foreach (var error in parsed.Errors) Console.Error.WriteLine($"zab: {error.Message}");
    Console.Error.WriteLine("Try --help.");
    return ExitCode.Usage;
}

try
{
    // The commands see to signals themselves.
    return await parsed.InvokeAsync(
        new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
}
catch (RefusedException refused)
{
    Console.Error.WriteLine($"zab: {refused.Message}");
    return ExitCode.Refused;
}
