using System.CommandLine;
using Akka.Zab.Server.Ensemble;

namespace Akka.Zab.Server.Commands;

/// <summary><c>zab dev</c>: an ensemble of processes on this machine.</summary>
internal static class DevCommand
{
    public static Command Create()
    {
        var servers = new Option<int>("--servers")
        {
            Description = "How many servers, 1 to 9.",
            HelpName = "count",
            DefaultValueFactory = _ => 3,
        };
        var data = new Option<string>("--data")
        {
            Description = "Where the servers keep their data: server i in DIR/i, with its log and its process id.",
            HelpName = "DIR",
            DefaultValueFactory = _ => "data",
        };
        var clientPort = Port("--client-port", "First server's port for ZooKeeper clients; the others have the next.", 2181);
        var remotePort = Port("--remote-port", "First server's port for Akka; the others have the next.", 4051);
        var fresh = new Option<bool>("--fresh") { Description = "Delete what an earlier ensemble left in DIR." };
        var noRestart = new Option<bool>("--no-restart") { Description = "Leave a server that dies dead." };
        var sets = ServerCommand.SetOption();
        var command = new Command("dev", "Runs an ensemble of several server processes on this machine, until Ctrl-C.")
        {
            servers, data, clientPort, remotePort, fresh, noRestart, sets,
        };
        Range(servers, 1, 9);
        command.SetAction((parsed, _) => new DevEnsemble(new DevOptions(
            parsed.GetValue(servers),
            Path.GetFullPath(parsed.GetRequiredValue(data)),
            parsed.GetValue(clientPort),
            parsed.GetValue(remotePort),
            parsed.GetValue(fresh),
            !parsed.GetValue(noRestart),
            parsed.GetValue(sets) ?? [])).RunAsync());
        return command;
    }

    static Option<int> Port(string name, string description, int defaultPort)
    {
        var option = new Option<int>(name)
        {
            Description = description,
            HelpName = "port",
            DefaultValueFactory = _ => defaultPort,
        };
        Range(option, 1, 65526);
        return option;
    }

    // What is no number at all is refused by the parser itself.
    static void Range(Option<int> option, int min, int max) => option.Validators.Add(result =>
    {
        if (result.Tokens is [var token] && int.TryParse(token.Value, out var value) && (value < min || value > max))
            result.AddError($"{option.Name} must be from {min} to {max}.");
    });
}
