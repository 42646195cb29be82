using System.CommandLine;

namespace Akka.Zab.Server.Commands;

/// <summary><c>zab server</c>: one server of an ensemble.</summary>
internal static class ServerCommand
{
    public static Command Create()
    {
        var config = new Option<string>("--config")
        {
            Description = "The server's settings, in HOCON.",
            HelpName = "FILE",
            Required = true,
        };
        var data = new Option<string?>("--data")
        {
            Description = "The data folder, in place of akka.zab.data-dir.",
            HelpName = "DIR",
        };
        var sets = SetOption();
        var log = new Option<string?>("--log") { Description = "Write the log to this file.", HelpName = "FILE" };
        var untilInputEnds = new Option<bool>("--until-input-ends")
        {
            Description = "Stop when standard input ends.",
            Hidden = true,
        };
        var command = new Command("server", "Runs one server until Ctrl-C or SIGTERM.")
        {
            config, data, sets, log, untilInputEnds,
        };
        command.SetAction((parsed, _) => ServerHost.RunAsync(new ServerOptions(
            parsed.GetRequiredValue(config),
            parsed.GetValue(data),
            parsed.GetValue(sets) ?? [],
            parsed.GetValue(log),
            parsed.GetValue(untilInputEnds))));
        return command;
    }

    public static Option<string[]> SetOption()
    {
        var option = new Option<string[]>("--set")
        {
            Description = "One setting in place of the file's, such as akka.zab.tick-time=1s. May be repeated.",
            HelpName = "path=value",
            AllowMultipleArgumentsPerToken = false,
        };
        option.Validators.Add(result =>
        {
            foreach (var set in result.GetValueOrDefault<string[]>() ?? [])
                if (set.IndexOf('=') is var equals && (equals <= 0 || set.AsSpan(0, equals).Trim().IsEmpty))
                    result.AddError($"--set needs path=value, not \"{set}\".");
        });
        return option;
    }
}
