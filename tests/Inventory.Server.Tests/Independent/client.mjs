// Reserve, replay, run short and confirm, by gRPC's own JavaScript library. Writes what it learned as one line of JSON.
import grpc from '@grpc/grpc-js';
import loader from '@grpc/proto-loader';

const [address, protos, sku, requestId] = process.argv.slice(2);
const definition = loader.loadSync(
  ['inventory/v1/reservation_service.proto', 'grpc/health/v1/health.proto', 'google/rpc/error_details.proto'],
  { includeDirs: [protos], longs: Number, enums: String, defaults: true, oneofs: true },
);
const api = grpc.loadPackageDefinition(definition);
const insecure = grpc.credentials.createInsecure();
const reservations = new api.inventory.v1.ReservationService(address, insecure);
const health = new api.grpc.health.v1.Health(address, insecure);

const call = (client, method, request) =>
  new Promise((resolve) => {
    client[method](request, { deadline: Date.now() + 10_000 }, (error, response) => resolve({ error, response }));
  });

// proto-loader decodes answers only, not a message that lies in a trailer; the reason is its first word in capitals.
function reason(details) {
  const text = details.toString('latin1');
  return /[A-Z]+(?:_[A-Z]+)+/.exec(text)?.[0];
}

function stream(orders) {
  return new Promise((resolve, reject) => {
    const answers = [];
    const duplex = reservations.reserveInventoryStream();
    duplex.on('data', (answer) => answers.push(answer));
    duplex.on('end', () => resolve(answers));
    duplex.on('error', reject);
    orders.forEach((reserve) => duplex.write({ reserve }));
    duplex.end();
  });
}

const order = (id, quantity) => ({ requestId: id, lines: [{ sku, quantity }] });
const serving = await call(health, 'check', {});
const held = await call(reservations, 'reserveInventory', order(requestId, 2));
const replay = await call(reservations, 'reserveInventory', order(requestId, 2));
const shortage = await call(reservations, 'reserveInventory', order(`${requestId}-short`, 2));
const streamed = await stream([order(`${requestId}-1`, 1), order(`${requestId}-2`, 1)]);
const reservationId = held.response.reservation.reservationId;
const confirmed = await call(reservations, 'confirmReservation', { reservationId });
const invalid = await call(reservations, 'reserveInventory', {});

console.log(
  JSON.stringify({
    serving: serving.response.status,
    held: held.response.reservation.state,
    warehouse: held.response.reservation.lines[0].allocations[0].warehouse,
    replayed: replay.response.replayed,
    sameId: replay.response.reservation.reservationId === reservationId,
    shortage: shortage.error.code,
    shortageReason: reason(shortage.error.metadata.get('grpc-status-details-bin')[0]),
    streamed: streamed.map((answer) => answer.outcome),
    confirmed: confirmed.response.reservation.state,
    invalid: invalid.error.code,
  }),
);
reservations.close();
health.close();
