namespace Akka.Zab.Simulation.Machines;

/// <summary>The clocks of a machine, as sessions take them.</summary>
internal sealed class MachineTime(Machine machine) : TimeProvider
{
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => machine.WallClock;

    public override long GetTimestamp() => machine.Monotonic.Ticks;
}
