using System.CommandLine;
using Akka.Zab.Client;

namespace Akka.Zab.Server.Commands;

/// <summary><c>zab lead</c>: hands the lead over to a named server.</summary>
internal static class LeadCommand
{
    public static Command Create()
    {
        var session = new EnsembleSession();
        var to = new Option<int>("--to")
        {
            Description = "The server-id of the member that is to lead.",
            HelpName = "ID",
            Required = true,
        };
        var command = new Command("lead", "Asks the leader to hand over to another server.") { to };
        foreach (var option in session.Options) command.Options.Add(option);
        command.SetAction((parsed, stop) => session.RunAsync(
            parsed,
            client => SurelyAsync(() => client.TransferLeadershipAsync(parsed.GetRequiredValue(to), stop)),
            stop));
        return command;
    }

    /// <summary>
    /// A server may drop its clients when the lead moves, and with them the answer. To ask again does no harm: who leads
    /// already says that it is done.
    /// </summary>
    internal static async Task SurelyAsync(Func<Task> transfer)
    {
        while (true)
        {
            try
            {
                await transfer();
                return;
            }
            catch (ConnectionLossException)
            {
                // The next request waits until the client is connected again.
            }
        }
    }
}
