import './trusted-types';
import './views/app';
