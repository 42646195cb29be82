using System.CommandLine;
using System.Globalization;
using System.Text;
using Akka.Zab.Client;

namespace Akka.Zab.Server.Commands;

/// <summary><c>zab members</c>: who the ensemble is, and how to change it while it runs.</summary>
internal static class MembersCommand
{
    const string Config = "/zookeeper/config";

    public static Command Create() => new("members", "Shows or changes who the ensemble is, while it runs.")
    {
        List(), Add(), Remove(), Set(),
    };

    static Command List()
    {
        var session = new EnsembleSession();
        var command = new Command("list", "Shows the members, and the version of the configuration.");
        return Ready(command, session, parsed => async client =>
            Print(Encoding.UTF8.GetString(
                (await client.GetDataAsync(Config, ReadConsistency.Linearizable)).Data ?? [])));
    }

    static Command Add()
    {
        var session = new EnsembleSession();
        var servers = new Argument<string[]>("server")
        {
            Description = "ID=HOST:PORT:PORT2[:participant|observer][;CLIENT-HOST:CLIENT-PORT]. PORT is that of the "
                + "server's actor system; PORT2 is ZooKeeper's port for elections, any other number here.",
            Arity = ArgumentArity.OneOrMore,
        };
        var version = VersionOption();
        var command = new Command("add", "Adds servers, or gives members another role or address.")
        {
            servers, version,
        };
        return Ready(command, session, parsed => async client => Print(await client.ReconfigureAsync(
            [.. parsed.GetRequiredValue(servers).Select(Named)], [], Version(parsed.GetValue(version)))));
    }

    static Command Remove()
    {
        var session = new EnsembleSession();
        var ids = new Argument<int[]>("id")
        {
            Description = "The server-id of a member.",
            Arity = ArgumentArity.OneOrMore,
        };
        var version = VersionOption();
        var command = new Command("remove", "Removes servers; a leader hands over first.") { ids, version };
        return Ready(command, session, parsed => async client => Print(
            await RemoveAsync(client, parsed.GetRequiredValue(ids), Version(parsed.GetValue(version)))));
    }

    static async Task<string> RemoveAsync(ZabClient client, int[] ids, long version)
    {
        try
        {
            return await client.ReconfigureAsync([], ids, version);
        }
        catch (ConnectionLossException)
        {
            // The server that was asked may be one of those, and leave before it has answered.
            var data = (await client.GetDataAsync(Config, ReadConsistency.Linearizable)).Data ?? [];
            var config = Encoding.UTF8.GetString(data);
            if (ids.Any(id => config.Contains($"server.{id}=", StringComparison.Ordinal))) throw;
            return config;
        }
    }

    static Command Set()
    {
        var session = new EnsembleSession();
        var file = new Argument<string>("file")
        {
            Description = "The whole ensemble: lines server.ID=..., group.G=ID:ID and weight.ID=WEIGHT.",
        };
        var version = VersionOption();
        var command = new Command("set", "Makes the ensemble what a file says.") { file, version };
        return Ready(command, session, parsed =>
        {
            var text = Read(parsed.GetRequiredValue(file));
            return async client => Print(await client.ReconfigureAsync(text, Version(parsed.GetValue(version))));
        });
    }

    static Command Ready(Command command, EnsembleSession session, Func<ParseResult, Func<ZabClient, Task>> ask)
    {
        foreach (var option in session.Options) command.Options.Add(option);
        command.SetAction((parsed, stop) => session.RunAsync(parsed, ask(parsed), stop));
        return command;
    }

    static Option<string?> VersionOption() => new("--from-version")
    {
        Description = "Only if this is the version of the configuration now, in hexadecimal as it is shown.",
        HelpName = "HEX",
    };

    static long Version(string? text)
    {
        if (text is null) return -1;
        var digits = text.StartsWith("0x", StringComparison.OrdinalIgnoreCase) ? text[2..] : text;
        return long.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var version)
            ? version
            : throw new RefusedException($"--from-version must be a number in hexadecimal, not \"{text}\".");
    }

    static string Named(string server)
        => server.StartsWith("server.", StringComparison.Ordinal) ? server : $"server.{server}";

    static string Read(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RefusedException($"The file {file} cannot be read: {e.Message}");
        }
    }

    static void Print(string config) => Console.WriteLine(config);
}
