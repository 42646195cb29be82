namespace Akka.Zab.Recipes.Tests.Simulation;

/// <summary>What goes wrong, again and again until it is enough.</summary>
internal sealed class Faults(World world, Ensemble ensemble, long sessionTimeout)
{
    private bool _over;

    public void Begin()
    {
        ensemble.LossOfWrites = world.Chance.Next(3) switch { 0 => 0, 1 => 0.01, _ => 0.05 };
        Next();
    }

    public void End()
    {
        _over = true;
        world.IsFaulty = false;
        world.Note("no more faults");
    }

    private void Next() => world.After(world.Spread(20_000, 4_000_000), () =>
    {
        if (_over) return;
        One();
        Next();
    });

    private void One()
    {
        var server = ensemble.Servers[world.Chance.Next(Ensemble.ServerCount)];
        var alive = ensemble.Processes.Where(static process => !process.IsGone).ToArray();
        var process = alive.Length == 0 ? null : alive[world.Chance.Next(alive.Length)];
        switch (world.Chance.Next(10))
        {
            case 0:
                server.Fall(world.Spread(10_000, sessionTimeout));
                break;
            case 1:
                ensemble.Elect(world.Spread(50_000, 3_000_000));
                break;
            case 2:
                ensemble.Isolate(server, world.Spread(50_000, 2 * sessionTimeout));
                break;
            case 3:
                server.Stall(world.Spread(10_000, 2 * sessionTimeout));
                break;
            case 4 or 5 when process is not null:
                process.Pause(world.Spread(10_000, 3 * sessionTimeout));
                break;
            case 6 or 7 when process is not null:
                world.Note($"{process.Name} is cut off");
                process.CutUntil = world.Now + world.Spread(1_000, 2 * sessionTimeout);
                break;
            case 8 when process is not null:
                world.Note($"{process.Name} is slow");
                process.StalledUntil = world.Now + world.Spread(1_000, sessionTimeout);
                break;
            case 9:
                server.Lag = world.Spread(0, 1_500_000);
                break;
        }
    }
}
